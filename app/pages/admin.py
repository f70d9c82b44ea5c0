"""`/admin`: whether everything runs, what waits, and what each network is set up for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import has_role
from app.database import Connection, transaction
from app.health import readiness
from app.pages.fragment import page
from app.settings import Settings
from app.webhooks import sources
from scoring import Incentive, set_aside_count

SLOW_S: Final = 60  # nothing waits that long while a worker runs
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
        set_aside = await set_aside_count(connection)
    context = {"needs": needs, "waiting": waiting, "people": people, "set_aside": set_aside}
    return page(request, "admin/overview.html", {**context, "slow_s": SLOW_S})


@get("/admin/platforms", guards=[has_role("administrator")])
async def networks(request: Request[Any, Any, Any]) -> Response[Any]:
    """What each network can tell, what may be won for it and why, and what is still to be set."""
    settings: Settings = request.app.state.settings
    context = {
        "networks": [
            {
                "platform": source.platform,
                "may": INCENTIVES[source.platform.incentive.mode],
                "problems": source.lacks,
                "address": f"{settings.base_url}/webhooks/{name}",
            }
            for name, source in sources(settings).items()
        ]
    }
    return page(request, "admin/platforms.html", context)


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


HANDLERS: Final = (overview, networks)
