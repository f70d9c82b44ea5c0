"""`/admin/screens/{id}`: the settings of a screen, its address, reloading and revoking it.

Law: the address is a key. It stands on a page only when it was asked for, and the audit says by whom.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.live.screens import screen_topic
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.live import tell
from app.pages.said import Said
from app.pages.screen_admin.listed import row_of
from app.pages.screen_admin.settings import choices, form_of, setting_of
from app.screens.contact import contacts_if_known, forget_contact
from app.screens.playlists import playlists
from app.screens.screens import (
    NoSuchScreen,
    Screen,
    key_of,
    reload_screen,
    revoke_screen,
    screen_by_id,
    set_screen,
)
from scoring import REDIS_AWAY, record_audit

GUARDS: Final = [has_role("administrator")]
MOST_ID: Final = 2**31 - 1


@get("/admin/screens/{screen_id:int}", guards=GUARDS)
async def one_screen(request: Request[Any, Any, Any], screen_id: FromPath[int]) -> Response[Any]:
    """A screen with its settings."""
    return await show_screen(request, screen_id)


@post("/admin/screens/{screen_id:int}", guards=GUARDS)
async def change(request: Request[Any, Any, Any], screen_id: FromPath[int]) -> Response[Any]:
    """Keep its settings; the screen follows within a second."""
    form = await Form.of(request)
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        screen = await screen_of(connection, screen_id)
        setting = setting_of(form, await choices(connection))
        if form.fine:
            await set_screen(connection, screen.id, setting, by, now)
    if not form.fine:
        return await show_screen(request, screen_id, form=form, status=422)
    await tell(request, [screen_topic(screen_id)], now)
    return back(f"/admin/screens/{screen_id}", Said.SCREEN_SET)


@post("/admin/screens/{screen_id:int}/address", guards=GUARDS, status_code=200)
async def address(request: Request[Any, Any, Any], screen_id: FromPath[int]) -> Response[Any]:
    """Show the address that a signage player is given."""
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        screen = await screen_of(connection, screen_id)
        subject = f"screen:{screen.id}"
        await record_audit(connection, by, "screen_address_shown", subject, {}, now)
    return await show_screen(request, screen_id, with_address=True)


@post("/admin/screens/{screen_id:int}/reload", guards=GUARDS)
async def reload(request: Request[Any, Any, Any], screen_id: FromPath[int]) -> Response[Any]:
    """Have the screen fetch its whole page anew."""
    form = await Form.of(request)
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        screen = await screen_of(connection, screen_id)
        await reload_screen(connection, screen.id, by, now)
    await tell(request, [screen_topic(screen_id)], now)
    here = f"/admin/screens/{screen_id}" if form.value("from") == "screen" else "/admin/screens"
    return back(here, Said.SCREEN_RELOADED)


@get("/admin/screens/{screen_id:int}/revoke", guards=GUARDS)
async def sure(request: Request[Any, Any, Any], screen_id: FromPath[int]) -> Response[Any]:
    """Ask once more, and say what would happen."""
    async with transaction(readonly=True) as connection:
        screen = await screen_of(connection, screen_id)
    return page(request, "admin/screens/revoke.html", {"screen": screen})


@post("/admin/screens/{screen_id:int}/revoke", guards=GUARDS)
async def revoke(request: Request[Any, Any, Any], screen_id: FromPath[int]) -> Response[Any]:
    """Take the screen's key away for good. Twice is once."""
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        try:
            await revoke_screen(connection, min(screen_id, MOST_ID), by, now)
        except NoSuchScreen:
            return back("/admin/screens", Said.SCREEN_REVOKED)
    with suppress(*REDIS_AWAY):  # nobody reads it any more
        await forget_contact(request.app.state.redis, screen_id)
    await tell(request, [screen_topic(screen_id)], now)
    return back("/admin/screens", Said.SCREEN_REVOKED)


async def screen_of(connection: Connection, screen_id: int) -> Screen:
    """The screen, or 404 in words; a revoked one is none."""
    try:
        return await screen_by_id(connection, min(screen_id, MOST_ID))
    except NoSuchScreen as nowhere:
        raise NotFoundException(str(nowhere)) from None


async def show_screen(
    request: Request[Any, Any, Any],
    screen_id: int,
    *,
    form: Form | None = None,
    with_address: bool = False,
    status: int = 200,
) -> Response[Any]:
    """The page of one screen."""
    settings = request.app.state.settings
    async with transaction(readonly=True) as connection:
        screen = await screen_of(connection, screen_id)
        offered = await choices(connection)
        names = {one.id: one.playlist.name for one in await playlists(connection)}
    heard = await contacts_if_known(request.app.state.redis, [screen.id])
    key = key_of(settings.require_secret_key(), screen.id) if with_address else ""
    context = {
        "screen": screen,
        "row": row_of(screen, names, heard, datetime.now(UTC)),
        "form": form or form_of(screen.setting),
        "choices": offered,
        "address": f"{settings.base_url}/screens/{key}" if key else None,
    }
    return page(request, "admin/screens/screen.html", context, status=status)


HANDLERS: Final = (one_screen, change, address, reload, sure, revoke)
