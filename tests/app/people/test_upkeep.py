"""What is said of room, of what went and of the last recount: on /admin, by readiness, by the doctor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest
from redis.asyncio import Redis

from app.checkup import Health, findings
from app.settings import Settings
from app.upkeep import room, verified_words
from app.worker.clock import Clock
from scoring import LastVerified, Months, remember_deeds
from tests.app.people.visitor import Visitor

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


async def test_the_clock_makes_room_and_drops_what_nobody_may_keep_and_everybody_is_told(
    signed_in: Callable[..., Awaitable[Visitor]],
    connection: asyncpg.Connection,
    database_url: str,
    redis_url: str,
    redis: Redis,
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    assert "this month has no partition" in (await root.get("/admin")).text
    old = datetime.now(UTC) - timedelta(days=200)
    await connection.execute(
        """insert into delivery (recorded_on, platform, source, delivery_key, headers, body, received_at)
           values ($1, 'x', 'webhook', 'old', '{}', 'x', $2)""",
        old.date(),
        old,
    )
    for number, days in enumerate((200, 1)):  # what streams told, by whatever network
        heard_at = datetime.now(UTC) - timedelta(days=days)
        await remember_deeds(connection, "mastodon", {f"deed {number}": None}, heard_at)
    settings = Settings(database_url=database_url, redis_url=redis_url)
    own = await asyncpg.connect(database_url)
    try:
        await Clock(settings, redis).tick(own)
    finally:
        await own.close()
    assert await connection.fetchval("select count(*) from delivery") == 0
    assert await connection.fetchval("select count(*) from stream_deed") == 1
    month = f"{old:%Y_%m}"
    overview = (await root.get("/admin")).text
    assert f"delivery_{month}" in overview
    assert "the next is made on" in overview
    assert "this month has no partition" not in overview
    told = {(one.subject, one.health): one.words for one in await findings(settings)}
    assert told["retention", Health.FINE].startswith(f"delivery_{month} went on ")
    assert "the next is made on" in told["partitions", Health.FINE]
    assert "never" in told["verified", Health.FINE]
    ready = (await root.get("/health/ready")).json()
    assert ready["verified"].startswith("never")


def months(*firsts: date, astray: int = 0) -> Months:
    return Months("delivery", firsts, astray)


def test_a_month_that_lacks_is_said_with_what_to_do() -> None:
    fine = room(months(date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)), TODAY)
    assert fine.fault is None
    assert fine.words == "3 months, 2026-11 to 2027-01; the next is made on 2026-12-01"
    for wrong in (months(), months(date(2026, 10, 1)), months(date(2026, 11, 1), astray=3)):
        fault = room(wrong, TODAY).fault
        assert fault is not None
        assert "fanfare worker" in fault


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (None, "never; `fanfare verify` counts everything again"),
        (LastVerified(NOW, 9, 9, 0, True, NOW), "2026-11-22 09:30 UTC: all agreed, 9 people"),
        (
            LastVerified(NOW, 4, 9, 0, False, None),
            "2026-11-22 09:30 UTC: 4 of 9 people looked at, no difference; all agreed last: never",
        ),
        (
            LastVerified(NOW, 4, 9, 2, False, NOW - timedelta(days=1)),
            "2026-11-22 09:30 UTC: 2 differed among the first 4 of 9; "
            "all agreed last: 2026-11-21 09:30 UTC",
        ),
    ],
)
def test_how_far_the_last_recount_came_is_said(last: LastVerified | None, words: str) -> None:
    assert verified_words(last) == words
