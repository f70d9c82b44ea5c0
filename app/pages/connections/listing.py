"""`/admin/connections`: every network in a line: what comes, what is refused, what may be won."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import has_role
from app.connections import (
    MODES,
    State,
    known_connections,
    pace_words,
    state_of,
    trouble_of,
)
from app.database import transaction
from app.pages.fragment import back, page
from app.pages.heard import way
from app.settings import Settings

HERE: Final = "/admin/connections"
GUARDS: Final = [has_role("administrator")]
TAGS: Final = {
    State.HEARD: "good",
    State.QUIET: "",
    State.WAITING: "brass",
    State.INCOMPLETE: "bad",
    State.NOT_SET_UP: "",
}


@get(HERE, guards=GUARDS)
async def connections(request: Request[Any, Any, Any]) -> Response[Any]:
    """All networks, the ones that are heard and the ones that are not."""
    settings: Settings = request.app.state.settings
    now = datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        found = await known_connections(connection, settings, now)
    lines = [
        {
            "known": known,
            "state": state_of(known, now),
            "tag": TAGS[state_of(known, now)],
            "pace": pace_words(known.paces),
            "way": way(known.last.source) if known.last else "",
            "may": MODES[known.policy.mode],
            "trouble": trouble_of(known, now),
        }
        for known in found
    ]
    context = {"lines": lines, "now": now, "settings": settings}
    return page(request, "connections/list.html", context)


@get("/admin/platforms", guards=GUARDS)
async def formerly(request: Request[Any, Any, Any]) -> Response[Any]:
    """Where the networks stood before."""
    return back(HERE)
