"""`/give-and-take`: what the company reshared, one's own balance, and what waits to be reshared.

Law: a balance is seen by its person alone; only communications sees whose posts wait.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import signed_in, viewer_of
from app.pages.fragment import page
from app.pages.live import event_stream, spread_ms
from app.pages.offers import offers
from app.pages.wall import shown_wall
from scoring import balances, give_back_rate

PAGE: Final = 30
SPAN_DAYS: Final = 90  # long enough for a rare reshare to matter, short enough to mend a bad start


@get("/give-and-take", guards=[signed_in], name="give_and_take")
async def give_and_take(request: Request[Any, Any, Any]) -> Response[str]:
    """Show the wall, the own balance, the company's rate, and to communications what waits."""
    state, viewer = request.app.state, viewer_of(request)
    secret = state.settings.require_secret_key()
    now = datetime.now(UTC)
    start_at = now - timedelta(days=SPAN_DAYS)
    before = moment(request.query_params.get("before", ""))
    async with state.pool.acquire() as connection:
        wall = await shown_wall(connection, limit=PAGE, now=now, secret=secret, before=before)
        own = await balances(connection, [viewer.person_id], start_at=start_at, end_at=now)
        rate = await give_back_rate(connection, start_at=start_at, end_at=now)
        waiting = None
        if viewer.may("communications"):
            waiting = await offers(connection, start_at=start_at, now=now, secret=secret)
    context = {
        "wall": wall,
        "now": now,
        "as_of": f"{now.astimezone(state.settings.timezone):%H:%M}",
        "balance": own.get(viewer.person_id) if viewer.enrolment else None,
        "rate": None if rate is None else round(rate * 100),
        "offers": waiting,
        "live_url": event_stream(request),
        "spread_ms": spread_ms(),
        "href": "/give-and-take",
        "earlier_href": None,
    }
    if len(wall) == PAGE:
        context["earlier_href"] = f"/give-and-take?before={wall[-1].occurred_at:%Y-%m-%dT%H:%M:%SZ}"
    return page(request, "give_and_take/page.html", context)


def moment(text: str) -> datetime | None:
    """A moment from an address; None if it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    # In other years a time zone can push a moment out of the calendar.
    return at if at.tzinfo is not None and 1970 <= at.year < 3000 else None


HANDLERS: Final = [give_and_take]
