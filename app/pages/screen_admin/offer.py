"""What slides can be made of here and now: the kinds, and what each option offers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Request

from app.announcing.named import Audience
from app.database import Connection
from app.pages.screen_admin.slides import Offer
from app.screens.language import languages
from app.screens.screens import Screen
from app.screens.slides import slide_kinds
from app.screens.slides.slide import Sight


async def offer(
    request: Request[Any, Any, Any], connection: Connection, screens: list[Screen]
) -> Offer:
    """The kinds with their choices, in words for the administrator; `screens` are all there are."""
    view = sight(request, connection, "staff", "en", datetime.now(UTC))
    kinds = slide_kinds()
    choices = {
        (kind.name, option.name): await option.choices(view)
        for kind in kinds.values()
        for option in kind.options
        if option.choices is not None
    }
    places = {one.setting.place.casefold(): one.setting.place for one in screens}
    return Offer(kinds, choices, [places[key] for key in sorted(places) if key])


def sight(
    request: Request[Any, Any, Any],
    connection: Connection,
    audience: Audience,
    language: str,
    now: datetime,
) -> Sight:
    """For whom and when a slide is made."""
    state = request.app.state
    return Sight(
        connection=connection,
        redis=state.redis,
        boards=state.boards,
        settings=state.settings,
        audience=audience,
        language=languages()[language],
        now=now,
    )
