"""`/admin/screens/playlists`: the lists that screens play, made from one another, and removed.

Law: a double click makes one list.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.live.screens import SCREENS
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.live import tell
from app.pages.said import Said
from app.pages.screen_admin.concerns import length, round_s
from app.pages.screen_admin.slides import NAMELESS
from app.screens.playlist import STANDARD, Playlist
from app.screens.playlists import (
    MOST_NAME,
    NoSuchPlaylist,
    Saved,
    playlist_by_id,
    playlists,
    remove_playlist,
    save_playlist,
)
from app.screens.screens import Screen, screens

HERE: Final = "/admin/screens/playlists"
GUARDS: Final = [has_role("administrator")]
MOST_ID: Final = 2**31 - 1
DOUBLE_CLICK: Final = timedelta(seconds=5)
TAKEN: Final = "There is a playlist of this name. Give this one another."
# As a number, so that no other program's advisory lock is ours; the second part is the person.
_ONE_AT_A_TIME: Final = 0x706C6179


@get(HERE, guards=GUARDS)
async def every_playlist(request: Request[Any, Any, Any]) -> Response[Any]:
    """All lists, and a form for another one."""
    return await _list(request, Form({"from": "standard"}))


@post(HERE, guards=GUARDS)
async def make(request: Request[Any, Any, Any]) -> Response[Any]:
    """Make a list with the slides of another one, or with none."""
    form = await Form.of(request)
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    name = form.text("name", ask=NAMELESS, most=MOST_NAME)
    async with transaction() as connection:
        await connection.execute("select pg_advisory_xact_lock($1, $2)", _ONE_AT_A_TIME, by % 2**31)
        begun = await _slides_of(connection, form)
        for one in await playlists(connection):
            if form.fine and one.playlist.name.casefold() == name.casefold():
                if await _just_made(connection, one.id, by, now):
                    return back(f"{HERE}/{one.id}", Said.PLAYLIST_MADE)
                form.wrong("name", TAKEN)
        if form.fine:
            made = Playlist(name, begun.slides)
            playlist_id = await save_playlist(connection, None, made, by, now)
            return back(f"{HERE}/{playlist_id}", Said.PLAYLIST_MADE)
    return await _list(request, form, status=422)


@post(HERE + "/{playlist_id:int}/remove", guards=GUARDS)
async def remove(request: Request[Any, Any, Any], playlist_id: FromPath[int]) -> Response[Any]:
    """Remove a list; who played it plays the standard one. Twice is once."""
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        try:
            await remove_playlist(connection, min(playlist_id, MOST_ID), by, now)
        except NoSuchPlaylist:
            return back(HERE, Said.PLAYLIST_REMOVED)
    await tell(request, [SCREENS], now)
    return back(HERE, Said.PLAYLIST_REMOVED)


async def saved_playlist(connection: Connection, playlist_id: int) -> Saved:
    """A list, or 404 in words."""
    try:
        return await playlist_by_id(connection, min(playlist_id, MOST_ID))
    except NoSuchPlaylist as nowhere:
        raise NotFoundException(str(nowhere)) from None


def playing(found: list[Screen], saved: list[Saved], playlist_id: int | None) -> list[Screen]:
    """The screens that play a list; None is the standard one, which stands in for removed ones."""
    known = {one.id for one in saved}
    return [
        one
        for one in found
        if (one.setting.playlist if one.setting.playlist in known else None) == playlist_id
    ]


async def _slides_of(connection: Connection, form: Form) -> Playlist:
    """The list a new one begins with."""
    what = form.value("from")
    if what in ("", "nothing"):
        return Playlist("")
    if what == "standard":
        return STANDARD
    try:
        if not (what.isascii() and what.isdecimal() and len(what) < 10):
            raise NoSuchPlaylist("Choose one of these.")
        return (await playlist_by_id(connection, int(what))).playlist
    except NoSuchPlaylist as nowhere:
        form.wrong("from", str(nowhere))
        return Playlist("")


async def _just_made(connection: Connection, playlist_id: int, by: int, now: datetime) -> bool:
    made: bool = await connection.fetchval(
        """select exists (select from playlist p join playlist_version v on v.playlist_id = p.id
             where p.id = $1 and v.person_id = $2 and p.recorded_at > $3)""",
        playlist_id,
        by,
        now - DOUBLE_CLICK,
    )
    return made


async def _list(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    async with transaction(readonly=True) as connection:
        saved = await playlists(connection)
        found = await screens(connection)
    context = {
        "form": form,
        "standard": STANDARD,
        "standard_screens": len(playing(found, saved, None)),
        "rows": [(one, len(playing(found, saved, one.id))) for one in saved],
        "round_s": round_s,
        "length": length,
    }
    return page(request, "admin/screens/playlists.html", context, status=status)


HANDLERS: Final = (every_playlist, make, remove)
