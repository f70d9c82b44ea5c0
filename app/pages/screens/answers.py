"""How the televisions' door answers: its headers, its calm pages, its errors.

Laws: a key leaves in no Referer and stays in no cache; whatever goes wrong, a wall shows a calm page
that tries again by itself, and the log has no key in it.
"""

from __future__ import annotations

from typing import Any, Final

import structlog
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException

from app.headers import page_headers
from app.pages.fragment import environment
from app.screens.key import without_key
from app.screens.now import NothingToBeMade
from app.settings import Settings

_log = structlog.get_logger(__name__)

DOOR: Final = "/screens"
SCREEN_COOKIE: Final = "fanfare_screen"
PAIRING_COOKIE: Final = "fanfare_pairing"
YEAR_S: Final = (
    365 * 24 * 3600
)  # a player that starts again in this time finds its screen by itself


def screen_headers(settings: Settings) -> dict[str, str]:
    """The headers of everything behind this door."""
    return {
        **page_headers(settings.base_url, settings.live_url),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }


def html(
    request: Request[Any, Any, Any], body: str, status: int = 200, **more: str
) -> Response[str]:
    """A page or a part of one."""
    headers = {**request.app.state.screen_headers, **more}
    return Response(body, media_type=MediaType.HTML, status_code=status, headers=headers)


def moved(request: Request[Any, Any, Any], to: str) -> Response[str]:
    """Go there."""
    return html(request, "", 303, Location=to)


def set_cookie(
    request: Request[Any, Any, Any], answer: Response[Any], name: str, value: str, lasts_s: int
) -> None:
    """Have the player remember something that only this door reads."""
    answer.set_cookie(
        key=name,
        value=value,
        max_age=lasts_s,
        path=DOOR,
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.base_url.startswith("https://"),
    )


def forget_cookie(answer: Response[Any], name: str) -> None:
    """Have the player forget it."""
    answer.delete_cookie(name, path=DOOR)


def lost(request: Request[Any, Any, Any], status: int = 404) -> Response[str]:
    """No screen has this address; after a while the page goes where a code is shown."""
    return _calm(request, "lost", status)


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """Any error behind this door: a calm page that looks again by itself."""
    status = error.status_code if isinstance(error, HTTPException) else 503
    if status == 404:
        return lost(request)
    if status >= 500:
        status = 503
    # Why no slide could be made stands in the log already, once for all screens.
    if status >= 500 and not isinstance(error, NothingToBeMade):
        _log.error("screen_failed", path=without_key(request.url.path), exc_info=error)
    return _calm(request, "away", status)


def _calm(request: Request[Any, Any, Any], why: str, status: int) -> Response[str]:
    template = environment(request).get_template("screens/calm.html")
    return html(request, template.render(why=why, door=DOOR), status)
