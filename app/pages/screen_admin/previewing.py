"""`/admin/screens/preview`: a list as a screen shows it, slide by slide, before anybody else sees it.

Laws: it is the screens' own page with the session of who looks; it has no key, asks for nothing by
itself, and nothing of it counts as heard of a screen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, cast
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.enums import MediaType
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.announcing.named import Audience
from app.auth.guards import has_role
from app.database import transaction
from app.headers import page_headers
from app.pages.form import Form
from app.pages.fragment import HEADERS, about, back, environment, page
from app.pages.screen_admin.lines import typed_of
from app.pages.screen_admin.one_screen import screen_of
from app.pages.screen_admin.pictures import HERE as PICTURES
from app.pages.screen_admin.playlists import saved_playlist
from app.pages.screen_admin.rows import when
from app.pages.screen_admin.settings import name_of
from app.screens.context import screen_context
from app.screens.footer import Footer, footer
from app.screens.language import languages
from app.screens.playlist import STANDARD, Playlist, Slide
from app.screens.playlists import playlists
from app.screens.setting import Setting
from app.screens.showing import Showing
from app.screens.slides import Content, slide_kinds
from app.screens.sources import Sources

HERE: Final = "/admin/screens/preview"
GUARDS: Final = [has_role("administrator")]
NOWHERE: Final = "There is no such playlist, or it was removed."


@dataclass(frozen=True, slots=True)
class As:
    """What is looked at, and as whom."""

    list: str = "standard"  # or the id of a playlist
    slide: str = ""  # its key; '' is the first
    audience: str = "staff"
    language: str = "en"
    look: str = "dark"
    shape: str = "wide"

    @classmethod
    def of(cls, request: Request[Any, Any, Any]) -> As:
        """As the address says; what it does not say or cannot mean is as usual."""
        asked = request.query_params
        usual = cls()

        def one_of(name: str, *allowed: str) -> str:
            value = asked.get(name, "")
            return value if value in allowed else str(getattr(usual, name))

        return cls(
            list=asked.get("list", usual.list),
            slide=asked.get("slide", ""),
            audience=one_of("audience", "staff", "public"),
            language=one_of("language", *languages()),
            look=one_of("look", "dark", "day"),
            shape=one_of("shape", "wide", "upright"),
        )

    def at(self, path: str = HERE, **other: str) -> str:
        """An address that says this, but for what is given otherwise."""
        said = replace(self, **other)
        return f"{path}?{urlencode({name: getattr(said, name) for name in As.__slots__})}"


@get("/admin/screens/{screen_id:int}/preview", guards=GUARDS)
async def as_screen(request: Request[Any, Any, Any], screen_id: FromPath[int]) -> Response[Any]:
    """What a screen plays, as it is set."""
    async with transaction(readonly=True) as connection:
        screen = await screen_of(connection, screen_id)
        known = {one.id for one in await playlists(connection)}
    setting = screen.setting
    playlist = str(setting.playlist) if setting.playlist in known else "standard"
    seen = As(playlist, "", setting.audience, setting.language, setting.look)
    return back(seen.at())


@get(HERE, guards=GUARDS)
async def preview(request: Request[Any, Any, Any]) -> Response[Any]:
    """The picture, with steps to the ones before and behind it."""
    seen = As.of(request)
    playlist = await _playlist(request, seen)
    slide = chosen(playlist, seen.slide)
    now = datetime.now(UTC)
    content = await _content(request, slide, seen, now) if slide else None
    keys = [one.key for one in playlist.slides]
    at = keys.index(slide.key) if slide else 0
    form = Form(typed_of(playlist, "").values)
    kinds = slide_kinds()
    context = {
        "seen": seen,
        "playlist": playlist,
        "number": at + 1,
        "slide": slide,
        "kind": kinds[slide.kind].label if slide and slide.kind in kinds else "Unknown slide",
        "when": when(slide.key, form) if slide else "",
        "says": content.describes if isinstance(content, Content) else None,
        "before": keys[at - 1] if at > 0 else None,
        "behind": keys[at + 1] if at + 1 < len(keys) else None,
        "picture": seen.at(f"{HERE}/picture", slide=slide.key if slide else ""),
        "languages": [(code, name_of(one)) for code, one in sorted(languages().items())],
    }
    answer = page(request, "admin/screens/preview.html", context)
    answer.headers["Content-Security-Policy"] = _policy(request) + "; frame-src 'self'"
    return answer


@get(HERE + "/picture", guards=GUARDS)
async def picture(request: Request[Any, Any, Any]) -> Response[Any]:
    """The screens' own page with one slide on it; only our own pages may frame it."""
    seen = As.of(request)
    slide = chosen(await _playlist(request, seen), seen.slide)
    now = datetime.now(UTC)
    content = await _content(request, slide, seen, now) if slide else None
    foot = Footer()
    showing = Showing("empty", "empty", "empty", "Nothing to show")
    if slide and isinstance(content, Content):
        showing = Showing("slide", slide.key, "preview", content.describes, content=content)
        async with transaction(readonly=True) as connection:
            foot = await footer(connection, now)
    audience = cast(Audience, seen.audience)
    context = screen_context(
        request.app.state.settings,
        languages()[seen.language],
        showing=showing,
        audience=audience,
        now=now,
        footer=foot,
        setting=Setting("Preview", audience=audience, language=seen.language),
        pictures=PICTURES,
        preview=True,
    )
    # No key, no stream and no script: it asks for nothing by itself. Light by day is looked at at any
    # hour.
    alone = {"theme": seen.look, "screen": None, "key_path": "", "live": "", "page": ""}
    body = (
        environment(request)
        .get_template("admin/screens/picture.html")
        .render({**about(request), **context, **alone})
    )
    headers = {
        **HEADERS,
        "X-Frame-Options": "SAMEORIGIN",
        "Content-Security-Policy": _policy(request).replace(
            "frame-ancestors 'none'", "frame-ancestors 'self'"
        ),
    }
    return Response(body, media_type=MediaType.HTML, headers=headers)


def chosen(playlist: Playlist, key: str) -> Slide | None:
    """The slide of a key, else the first; None of an empty list."""
    first = playlist.slides[0] if playlist.slides else None
    return next((slide for slide in playlist.slides if slide.key == key), first)


async def _playlist(request: Request[Any, Any, Any], seen: As) -> Playlist:
    if seen.list == "standard":
        return STANDARD
    if not (seen.list.isascii() and seen.list.isdecimal() and len(seen.list) < 10):
        raise NotFoundException(NOWHERE)
    async with transaction(readonly=True) as connection:
        return (await saved_playlist(connection, int(seen.list))).playlist


async def _content(
    request: Request[Any, Any, Any], slide: Slide, seen: As, now: datetime
) -> object:
    """What a slide shows; something else where it has nothing to show or failed."""
    sources: Sources = request.app.state.screens
    return await sources.content(slide, cast(Audience, seen.audience), seen.language, now)


def _policy(request: Request[Any, Any, Any]) -> str:
    settings = request.app.state.settings
    return page_headers(settings.base_url, settings.live_url)["Content-Security-Policy"]


HANDLERS: Final = (as_screen, preview, picture)
