"""What every template of a screen is given, in one place: for televisions, previews and pictures alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

from app.announcing.named import Audience
from app.screens.footer import Footer
from app.screens.language import Language
from app.screens.setting import Setting
from app.screens.showing import Showing
from app.settings import Settings

DAY_FROM: Final = time(7)  # a screen that is light by day is dark at night, when nobody needs it
DAY_UNTIL: Final = time(19)


def theme(setting: Setting | None, local: datetime) -> str:
    """`day` or `dark`, by the setting and the company's clock."""
    day = setting is not None and setting.look == "day"
    return "day" if day and DAY_FROM <= local.time() < DAY_UNTIL else "dark"


def screen_context(
    settings: Settings,
    language: Language,
    *,
    showing: Showing,
    audience: Audience,
    now: datetime,
    footer: Footer | None = None,
    setting: Setting | None = None,
    pictures: str = "",
    preview: bool = False,
) -> Mapping[str, Any]:
    """The context of `screens/stage.html`. `pictures` is the address below which pictures lie."""
    local = now.astimezone(settings.timezone)
    return {
        "showing": showing,
        "language": language,
        "say": language.say,
        "company": settings.company_name,
        "join_address": join_address(settings),
        "audience": audience,
        "footer": footer or Footer(),
        "preview": preview,
        "now": local,
        "theme": theme(setting, local),
        "pictures": pictures,
    }


def join_address(settings: Settings) -> str:
    """Where to take part, as one types it."""
    return settings.base_url.partition("://")[2] + "/join"
