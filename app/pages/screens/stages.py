"""The picture of a screen as bytes, rendered once for all screens that show the same.

Laws: bytes that screens share hold nothing of any one of them: where the address of a screen belongs, a
mark stands, and each answer has its own put in. Nobody can guess the mark: who wrote it into a note or
an alias would have read the screen's key on the wall.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from jinja2 import Environment

from app.live.leave import TELEVISION, leave
from app.live.screens import PEOPLE, SCREENS, screen_topic
from app.screens.context import screen_context, theme
from app.screens.footer import Footer
from app.screens.language import languages
from app.screens.screens import Screen
from app.screens.showing import Showing
from app.settings import Settings

MARK: Final = f"/screens/{secrets.token_hex(16).upper()}"  # of this process; keys are small letters
MOST: Final = 256  # about 15 kB each


@dataclass(frozen=True, slots=True)
class Stage:
    """A rendered picture."""

    tag: str  # an ETag
    body: bytes

    def at(self, key_path: str) -> bytes:
        """The picture as the screen with this path gets it."""
        return self.body.replace(MARK.encode(), key_path.encode())


class Stages:
    """All pictures that this process rendered lately."""

    def __init__(self, environment: Environment, settings: Settings) -> None:
        self._environment = environment
        self._settings = settings
        self._kept: OrderedDict[Hashable, Stage] = OrderedDict()

    def stage(
        self, screen: Screen, showing: Showing, footer: Footer, page: str, now: datetime
    ) -> Stage:
        """The picture of a screen. `page` names the page that it stands in."""
        setting = screen.setting
        seen = (
            showing.what, showing.key, showing.version, setting.audience, setting.language,
            theme(setting, now.astimezone(self._settings.timezone)), footer, page,
            # A slide that stays on is due at another moment at each look, and is the same.
            None if showing.what == "slide" else showing.next_at,
        )  # fmt: skip
        # Words such as "in 5 min" go on in the browser; those of another minute are not handed out.
        which = (seen, showing.next_at, now.replace(second=0, microsecond=0))
        kept = self._kept.get(which)
        if kept is None:
            template = self._environment.get_template("screens/stage.html")
            values = {**self._context(screen, showing, footer, now, MARK), "page": page}
            body = "".join(template.blocks["stage"](template.new_context(values)))
            tag = f'"s{blake2b(repr(seen).encode(), digest_size=9).hexdigest()}"'
            kept = self._kept[which] = Stage(tag, body.encode())
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return kept

    def page(
        self, screen: Screen, showing: Showing, footer: Footer, page: str, now: datetime, key: str
    ) -> str:
        """A screen's whole page, with the picture in it."""
        path = f"/screens/{key}"
        topics = (SCREENS, PEOPLE, screen_topic(screen.id))
        given = leave(self._settings.require_secret_key(), topics, now, TELEVISION)
        values = {
            **self._context(screen, showing, footer, now, path),
            "screen": screen,
            "page": page,
            "key_path": path,
            # The script adds what the picture shows to the end.
            "live": f"{self._settings.live_url}/live?leave={given}&board={','.join(topics)}",
        }
        return self._environment.get_template("screens/page.html").render(values)

    def _context(
        self, screen: Screen, showing: Showing, footer: Footer, now: datetime, path: str
    ) -> Mapping[str, Any]:
        known = languages()
        return screen_context(
            self._settings,
            known.get(screen.setting.language) or known["en"],
            showing=showing,
            audience=screen.setting.audience,
            now=now,
            footer=footer,
            setting=screen.setting,
            pictures=f"{path}/pictures",
        )
