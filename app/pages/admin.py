"""`/admin`: whether everything runs, what waits, and what each network is set up for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.health import readiness
from app.pages.fragment import back, page
from app.pages.said import Said
from app.upkeep import upkeep, verified_words
from scoring import (
    Incentive,
    count_again,
    record_audit,
    set_aside_count,
    uncounted_count,
    uncounted_list,
)

SLOW_S: Final = 60  # nothing waits that long while a worker runs
UNCOUNTED: Final = 5  # named on the page, the newest; enough to see whether they are of one kind
INCENTIVES: Final = {
    Incentive.CASH: "may win money or vacation days",
    Incentive.RECOGNITION: "may win recognition only",
    Incentive.OFF: "may win nothing",
}


@get("/admin", guards=[has_role("administrator")])
async def overview(request: Request[Any, Any, Any]) -> Response[Any]:
    """What runs and what waits."""
    now = datetime.now(UTC)
    needs = await readiness(request.app.state)
    async with transaction(readonly=True) as connection:
        waiting = await queues(connection, now)
        people = await connection.fetchval("select count(*) from profile")
        kept = await upkeep(connection, now)
        set_aside = await set_aside_count(connection)
        uncounted = {
            "count": await uncounted_count(connection),
            "newest": await uncounted_list(connection, UNCOUNTED),
        }
    context = {
        "needs": needs,
        "waiting": waiting,
        "people": people,
        "set_aside": set_aside,
        "uncounted": uncounted,
        "kept": kept,
        "verified": verified_words(kept.verified),
    }
    return page(request, "admin/overview.html", {**context, "slow_s": SLOW_S})


@post("/admin/uncounted", guards=[has_role("administrator")])
async def try_counting_again(request: Request[Any, Any, Any]) -> Response[Any]:
    """Put the changes that could not be counted back into the queue."""
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        count = await count_again(connection, person_id, now)
        await record_audit(connection, person_id, "retried", "changes", {"count": count}, now)
    return back("/admin", Said.COUNTING_AGAIN if count else Said.NOTHING_UNCOUNTED)


async def queues(connection: Connection, now: datetime) -> dict[str, Any]:
    """How much waits in each step, and how old the oldest waiting delivery is."""
    row = await connection.fetchrow(
        """select (select count(*) from pending_delivery) as deliveries,
                  (select count(*) from change) as changes,
                  (select count(*) from outbox) as totals,
                  (select min(d.received_at) from pending_delivery p
                     join delivery d on d.recorded_on = p.recorded_on and d.id = p.delivery_id
                  ) as oldest_at"""
    )
    assert row is not None, "a select without from gives one row"
    oldest = row["oldest_at"]
    age_s = 0 if oldest is None else max(0, int((now - oldest).total_seconds()))
    return {**dict(row), "age_s": age_s}


HANDLERS: Final = (overview, try_counting_again)
