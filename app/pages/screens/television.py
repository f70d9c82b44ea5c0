"""What a paired television asks for: its page, what it shows now, pictures of the company.

Law: a wrong key learns nothing but that it is wrong, and soon not even that.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.params import FromPath

from app import assets
from app.auth.attempts import count_try
from app.pages.screens.answers import (
    DOOR,
    SCREEN_COOKIE,
    YEAR_S,
    forget_cookie,
    html,
    lost,
    moved,
    set_cookie,
)
from app.pages.screens.door import address_of
from app.screens.contact import LARGEST, Contact
from app.screens.now import NothingToBeMade, showing
from app.screens.pictures import picture, shows_picture
from app.screens.screens import Screen
from scoring import REDIS_AWAY

WRONG_KEYS: Final = 60  # from one address in a quarter of an hour
_LONGEST_SHOWN: Final = 200
_NUMBER: Final = re.compile(r"[0-9]{1,6}")


@get("/screens/{key:str}", name="screen", include_in_schema=False)
async def screen_page(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[Any]:
    """The page of a screen, with its picture in it."""
    screen = await _screen(request, key)
    if not isinstance(screen, Screen):
        return screen
    state = request.app.state
    now = datetime.now(UTC)
    shown = request.query_params.get("shown", "")[:_LONGEST_SHOWN] or None
    shows = await showing(state, screen, shown=shown, onward=shown is not None, now=now)
    footer = await state.screens.footer(shows, now)
    answer = html(request, state.stages.page(screen, shows, footer, page_of(screen), now, key))
    # A player that restarts opens /screens again.
    set_cookie(request, answer, SCREEN_COOKIE, key, YEAR_S)
    return answer


@get("/screens/{key:str}/now", name="screen-now", include_in_schema=False)
async def screen_now(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[Any]:
    """The picture of a screen, or 304 while it is the one it shows."""
    state = request.app.state
    screen = await state.screens.roster.screen(key)
    if screen is None or screen.revoked:
        answer = await _screen(request, key)
        assert not isinstance(answer, Screen), "a revoked screen stays revoked"
        # The script goes to the door by itself; a redirect it would only follow.
        return html(request, "", 410 if screen is not None else answer.status_code or 404)
    now = datetime.now(UTC)
    asked = request.query_params
    onward = asked.get("onward") == "1"
    shown = asked.get("shown", "")[:_LONGEST_SHOWN] or None
    try:
        shows = await showing(state, screen, shown=shown, onward=onward, now=now)
    except NothingToBeMade as failed:
        _note_contact(request, screen, now, f"What it showed before{failed}", "")
        raise
    footer = await state.screens.footer(shows, now)
    stage = state.stages.stage(screen, shows, footer, page_of(screen), now)
    _note_contact(request, screen, now, shows.describes, shows.key)
    answered = {
        **state.screen_headers,
        "ETag": stage.tag,
        "Fanfare-Now": str(int(now.timestamp() * 1000)),
    }
    if not onward and stage.tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=answered, media_type="text/html")
    body = stage.at(f"{DOOR}/{key}")
    return Response(body, headers=answered, media_type="text/html; charset=utf-8")


@get("/screens/{key:str}/pictures/{id:str}", name="screen-picture", include_in_schema=False)
async def screen_picture(
    request: Request[Any, Any, Any], key: FromPath[str], id: FromPath[str]
) -> Response[Any]:
    """A picture of the company that a slide of this screen's list shows, no other."""
    screen = await _screen(request, key)
    if not isinstance(screen, Screen):
        return screen
    state = request.app.state
    found = None
    playlist = await state.screens.playlist(screen.setting.playlist)
    if _NUMBER.fullmatch(id) and shows_picture(playlist, int(id)):
        async with state.pool.acquire() as connection:
            found = await picture(connection, int(id))
    if found is None:
        return html(request, "", 404)
    kept = {**state.screen_headers, "Cache-Control": f"private, max-age={YEAR_S}, immutable"}
    return Response(found.body, media_type=found.media_type, headers=kept)


def page_of(screen: Screen) -> str:
    """Names a screen's page; when it changes, the screen loads it anew between two slides."""
    return f"{assets.version()}-{screen.reloads}-{screen.setting.language}"


async def _screen(request: Request[Any, Any, Any], key: str) -> Screen | Response[Any]:
    """The screen of a key, or what to answer instead: who lost its key goes back to the door."""
    state = request.app.state
    screen: Screen | None = await state.screens.roster.screen(key)
    if screen is None:
        return lost(request, 429 if await _too_many(request) else 404)
    if screen.revoked:
        answer = moved(request, DOOR)
        forget_cookie(answer, SCREEN_COOKIE)
        return answer
    return screen


async def _too_many(request: Request[Any, Any, Any]) -> bool:
    try:
        tried = await count_try(request.app.state.redis, "screen-key", address_of(request))
    except REDIS_AWAY:
        return False  # 160 bits are not guessed meanwhile
    return tried > WRONG_KEYS


def _note_contact(
    request: Request[Any, Any, Any], screen: Screen, now: datetime, describes: str, key: str
) -> None:
    """Note for the administrator that a screen asked, what it was told to show, what it says of itself."""
    said = request.query_params
    contact = Contact(
        now,
        describes,
        key,
        _pixels(said.get("w", "")),
        _pixels(said.get("h", "")),
        request.headers.get("user-agent", ""),
        said.get("page", ""),
    )
    request.app.state.contact_book.note(screen.id, contact)


def _pixels(text: str) -> int:
    return min(int(text), LARGEST) if _NUMBER.fullmatch(text) else 0
