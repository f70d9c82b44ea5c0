"""`/admin/screens/playlists/{id}`: the slides of a list, their order, and what speaks against it.

Laws: what was typed is never lost, whatever was wrong; who saves upon an older version than the newest
overwrites nothing; the standard list is looked at and copied, never changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.live.screens import SCREENS
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.live import tell
from app.pages.said import Said
from app.pages.screen_admin.concerns import concerns, length, round_s
from app.pages.screen_admin.lines import Typed, changed, sent, typed_of
from app.pages.screen_admin.offer import offer
from app.pages.screen_admin.playlists import HERE, TAKEN, playing, saved_playlist
from app.pages.screen_admin.rows import Row, rows
from app.pages.screen_admin.slides import Offer, playlist_of
from app.screens.playlist import MOST_SLIDES, STANDARD, Playlist
from app.screens.playlists import playlists, save_playlist
from app.screens.screens import Screen, screens

GUARDS: Final = [has_role("administrator")]
STALE: Final = "Somebody saved this list while you were at it."


@dataclass(frozen=True, slots=True)
class Around:
    """What a list is looked at with."""

    offer: Offer
    screens: list[Screen]  # that play it
    places: list[str]  # of all screens


@get(HERE + "/standard", guards=GUARDS)
async def standard(request: Request[Any, Any, Any]) -> Response[Any]:
    """The list of screens that were given none."""
    async with transaction(readonly=True) as connection:
        around = await look_around(request, connection, None)
    typed = typed_of(STANDARD, "")
    context = _context(STANDARD, typed, Form(typed.values), around)
    return page(request, "admin/screens/standard.html", context)


@get(HERE + "/{playlist_id:int}", guards=GUARDS)
async def one_playlist(
    request: Request[Any, Any, Any], playlist_id: FromPath[int]
) -> Response[Any]:
    """A list as it was saved."""
    async with transaction(readonly=True) as connection:
        saved = await saved_playlist(connection, playlist_id)
        around = await look_around(request, connection, saved.id)
    typed = typed_of(saved.playlist, revision(saved.playlist))
    return show(request, saved.id, saved.playlist, typed, Form(typed.values), around)


@post(HERE + "/{playlist_id:int}", guards=GUARDS, status_code=200)
async def edit(request: Request[Any, Any, Any], playlist_id: FromPath[int]) -> Response[Any]:
    """Save the list, or add, remove and move a slide in the form, as the button says."""
    typed, do = sent(
        (name, value)
        for name, value in (await request.form()).multi_items()
        if isinstance(value, str)
    )
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        saved = await saved_playlist(connection, playlist_id)
        # Whoever saves at the same time comes after this or before it.
        await connection.fetchval(
            "select 1 from playlist where id = $1 for no key update", saved.id
        )
        saved = await saved_playlist(connection, playlist_id)
        around = await look_around(request, connection, saved.id)
        lines = changed(typed, do, list(around.offer.kinds))
        if lines is not None:
            form = Form(lines.values)
            return show(request, saved.id, saved.playlist, lines, form, around, unsaved=True)
        form = Form(typed.values)
        wanted = playlist_of(typed, form, around.offer)
        for one in await playlists(connection):
            if one.id != saved.id and one.playlist.name.casefold() == wanted.name.casefold():
                form.wrong("name", TAKEN)
        if not form.fine:
            return show(
                request, saved.id, saved.playlist, typed, form, around, unsaved=True, status=422
            )
        newest = revision(saved.playlist)
        if form.value("revision") != newest and wanted != saved.playlist:
            # Sent once more it is meant, and replaces what the other one saved.
            form = Form({**typed.values, "revision": newest})
            return show(
                request, saved.id, saved.playlist, typed, form, around,
                unsaved=True, stale=True, status=409,
            )  # fmt: skip
        await save_playlist(connection, saved.id, wanted, by, now)
    await tell(request, [SCREENS], now)
    return back(f"{HERE}/{saved.id}", Said.PLAYLIST_SAVED)


def revision(playlist: Playlist) -> str:
    """Names what a list holds: equal for equal lists."""
    return hashlib.sha256(msgspec.json.encode(playlist)).hexdigest()[:16]


async def look_around(
    request: Request[Any, Any, Any], connection: Connection, playlist_id: int | None
) -> Around:
    """The kinds of slides, and the screens that play this list."""
    found = await screens(connection)
    offered = await offer(request, connection, found)
    there = playing(found, await playlists(connection), playlist_id)
    return Around(offered, there, list(offered.places))


def show(
    request: Request[Any, Any, Any],
    playlist_id: int,
    saved: Playlist,
    typed: Typed,
    form: Form,
    around: Around,
    *,
    unsaved: bool = False,
    stale: bool = False,
    status: int = 200,
) -> Response[Any]:
    """The editor with a form as it was typed."""
    if typed.full:
        form.wrong("slides", f"A playlist has at most {MOST_SLIDES} slides. Remove one first.")
    # What is said about a list that cannot be read yet is what would hold for the rest of it.
    reading = playlist_of(typed, Form(typed.values), around.offer)
    context = {
        **_context(reading, typed, form, around),
        "playlist_id": playlist_id,
        "saved_name": saved.name,
        "unsaved": unsaved,
        "stale": STALE if stale else None,
    }
    return page(request, "admin/screens/playlist.html", context, status=status)


def _context(playlist: Playlist, typed: Typed, form: Form, around: Around) -> dict[str, Any]:
    settings = [one.setting for one in around.screens]
    found: list[Row] = rows(typed, form, around.offer)
    return {
        "playlist": playlist,
        "form": form,
        "typed": typed,
        "rows": found,
        "kinds": list(around.offer.kinds.values()),
        "screens": around.screens,
        "places": around.places,
        "concerns": concerns(playlist, settings, around.places),
        "round": length(round_s(playlist)) or "no time yet",
    }


HANDLERS: Final = (standard, one_playlist, edit)
