"""`/admin/screens`: every screen, whether it is there and what it shows now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import has_role
from app.database import transaction
from app.pages.fragment import page
from app.pages.screen_admin.listed import listed
from app.screens.contact import contacts_if_known
from app.screens.playlists import playlists
from app.screens.screens import screens

GUARDS: Final = [has_role("administrator")]


@get("/admin/screens", guards=GUARDS)
async def every_screen(request: Request[Any, Any, Any]) -> Response[Any]:
    """A page of the screens that were looked for; it looks again by itself."""
    asked = request.query_params
    query = " ".join(asked.get("q", "").replace("\x00", "").split())[:100]
    number = asked.get("page", "1")
    async with transaction(readonly=True) as connection:
        found = await screens(connection)
        names = {one.id: one.playlist.name for one in await playlists(connection)}
    # All of them in one trip: how many are silent is said whatever was looked for.
    heard = await contacts_if_known(request.app.state.redis, [one.id for one in found])
    context = {
        "listed": listed(
            found,
            names,
            heard,
            query=query,
            only_silent=asked.get("show") == "silent",
            number=int(number)
            if number.isascii() and number.isdecimal() and len(number) < 6
            else 1,
            now=datetime.now(UTC),
        ),
        "address": f"{request.app.state.settings.base_url}/screens",
    }
    return page(request, "admin/screens/list.html", context)


HANDLERS: Final = (every_screen,)
