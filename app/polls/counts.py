"""What polls count for Prometheus. Law: no label holds what a network sent or whom it is about.

The worker counts what it asks; any process can say what the tables hold.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from prometheus_client import Counter, Gauge, Histogram

from app.polls.budget import day_of, month_of

_LATE: Final = timedelta(hours=1)

ASKED: Final = Counter(
    "fanfare_polls", "Questions put to networks by this process, by what came of them.",
    ("platform", "outcome"),
)  # fmt: skip
SECONDS: Final = Histogram(
    "fanfare_poll_seconds", "Seconds until a network answered.", ("platform",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)  # fmt: skip
_TODAY: Final = Gauge(
    "fanfare_poll_questions_today", "Questions of today (UTC), by what came of them.",
    ("platform", "outcome"),
)  # fmt: skip
_COST: Final = Gauge(
    "fanfare_poll_dollars_this_month", "US dollars set aside this month (UTC).", ("platform",)
)
_OVERDUE: Final = Gauge(
    "fanfare_poll_overdue", "Accounts and posts that should have been asked about an hour ago.",
    ("platform",),
)  # fmt: skip
_RESTING: Final = Gauge(
    "fanfare_poll_servers_left_alone",
    "Servers that have trouble or asked us to wait.",
    ("platform",),
)
_SUBSCRIBED: Final = Gauge(
    "fanfare_subscriptions", "Subscriptions at hubs, by where they stand.", ("platform", "state")
)


async def refresh(connection: Any, now: datetime | None = None) -> None:
    """Bring the gauges to what the tables hold."""
    now = now or datetime.now(UTC)
    forget()
    for row in await connection.fetch(
        "select * from poll_spent where period in ($1, $2)", month_of(now), day_of(now)
    ):
        if row["period"] == day_of(now):
            for outcome in ("calls", "told", "refused", "failed"):
                _TODAY.labels(row["platform"], outcome).set(row[outcome])
        else:
            _COST.labels(row["platform"]).set(row["price"] / 1000)
    for row in await connection.fetch(
        "select platform, count(*) as n from poll_due where due_at < $1 group by 1",
        now - _LATE,
    ):
        _OVERDUE.labels(row["platform"]).set(row["n"])
    for row in await connection.fetch(
        "select platform, count(*) as n from poll_pause where until_at > $1 group by 1", now
    ):
        _RESTING.labels(row["platform"]).set(row["n"])
    for row in await connection.fetch(
        "select platform, state, count(*) as n from subscription group by 1, 2"
    ):
        _SUBSCRIBED.labels(row["platform"], row["state"]).set(row["n"])


def forget() -> None:
    """Say nothing of what the tables hold."""
    for gauge in (_TODAY, _COST, _OVERDUE, _RESTING, _SUBSCRIBED):
        gauge.clear()
