"""`/screens`, which a television opens: its code until it is paired, then its screen.

Law: the key is given to the television that holds the pairing's secret, to nobody who knows the code.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import segno
from litestar import Request, Response, get
from markupsafe import Markup

from app.auth.client_address import client_address
from app.pages.fragment import environment
from app.pages.screens.answers import (
    DOOR,
    PAIRING_COOKIE,
    SCREEN_COOKIE,
    YEAR_S,
    forget_cookie,
    html,
    moved,
    set_cookie,
)
from app.screens.key import key_of
from app.screens.language import Language, languages
from app.screens.pairing import COLLECTED_WITHIN, Pairing, begin, code_of, hashed
from app.screens.screens import screen_by_pairing
from rewards import Refused

QUIET: Final = 4  # modules of light around a code, ISO/IEC 18004:2015 section 5.3.8
# Longer than a code: a new one takes its place on the same television.
_KEPT_S: Final = int(COLLECTED_WITHIN.total_seconds())


@get("/screens", name="screens", include_in_schema=False)
async def pair(request: Request[Any, Any, Any]) -> Response[Any]:
    """The code, or on to the screen this television is."""
    key = request.cookies.get(SCREEN_COOKIE, "")
    screen = await request.app.state.screens.roster.screen(key)
    if screen is not None and not screen.revoked:
        return moved(request, f"{DOOR}/{key}")
    return await _code_or_screen(request, whole=True)


@get("/screens/pairing", name="screens-pairing", include_in_schema=False)
async def pairing(request: Request[Any, Any, Any]) -> Response[Any]:
    """What the page of the code asks every few seconds."""
    return await _code_or_screen(request, whole=False)


async def _code_or_screen(request: Request[Any, Any, Any], *, whole: bool) -> Response[Any]:
    state = request.app.state
    now = datetime.now(UTC)
    secret = request.cookies.get(PAIRING_COOKIE, "")
    shown: Pairing | None = None
    refused = ""
    if secret:
        async with state.pool.acquire() as connection:
            screen = await screen_by_pairing(connection, hashed(secret))
        if screen is None:
            shown = await code_of(state.redis, secret)
        elif screen.revoked or screen.paired_at < now - COLLECTED_WITHIN:
            secret = ""  # used up: one secret is one screen
        else:
            key = key_of(state.settings.require_secret_key(), screen.id)
            answer = moved(request, f"{DOOR}/{key}")
            set_cookie(request, answer, SCREEN_COOKIE, key, YEAR_S)
            forget_cookie(answer, PAIRING_COOKIE)
            return answer
    if begun := shown is None:
        try:
            shown = await begin(state.redis, address_of(request), now, secret)
        except Refused as too_many:
            refused = str(too_many)
    answer = html(request, _page(request, shown, refused, whole=whole), 429 if refused else 200)
    if shown is not None and begun:
        set_cookie(request, answer, PAIRING_COOKIE, shown.secret, _KEPT_S)
    if whole and SCREEN_COOKIE in request.cookies:
        forget_cookie(answer, SCREEN_COOKIE)
    return answer


def _page(
    request: Request[Any, Any, Any], shown: Pairing | None, refused: str, *, whole: bool
) -> str:
    settings = request.app.state.settings
    address = f"{settings.base_url}/admin/screens/pair"
    language = accepted(request.headers.get("accept-language", ""))
    values = {
        "company": settings.company_name,
        "code": shown.shown if shown else "",
        "qr": qr(f"{address}?{urlencode({'code': shown.code})}") if shown else "",
        "refused": refused,
        "address": address.partition("://")[2],
        "language": language,
        "say": language.say,
    }
    template = environment(request).get_template("screens/pairing.html")
    if whole:
        return template.render(values)
    return "".join(template.blocks["code"](template.new_context(values)))


def qr(address: str) -> Markup:
    """An address as a QR code: an SVG of one path, dark on light whatever stands around it."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    edge = len(rows) + 2 * QUIET
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return Markup(
        '<svg viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{2}"/></svg>'
    ).format(edge, address, path)


def accepted(header: str) -> Language:
    """The first language of a browser's that screens speak, else English."""
    known = languages()
    for part in header[:200].split(","):
        code = part.partition(";")[0].strip().lower().partition("-")[0]
        if code in known:
            return known[code]
    return known["en"]


def address_of(request: Request[Any, Any, Any]) -> str:
    """Where the television asks from."""
    return client_address(
        request.client.host if request.client else None,
        request.headers.getall("x-forwarded-for", []),
        request.app.state.settings.trusted_proxies,
    )
