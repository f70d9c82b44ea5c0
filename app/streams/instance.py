"""What one account's server says when it is asked: who we are there, and what we may have missed.

Law: an answer that is not what was asked for is an error in words, never a fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

from app.going_out import OutsideAway, OutsideRefused
from app.streams.pace import Paced
from scoring import Answer, Ask, BadAnswer, is_number

PAGE: Final = 40  # statuses; of notifications it gives twice as many
# Both stand in names that everybody reads, whoever runs the server.
_USER: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")


class TokenRefused(Exception):
    """The server does not take the token."""


@dataclass(frozen=True, slots=True)
class Self:
    """Who a token speaks for: the account's number and name there, the server's own name, and where its
    stream is (an https origin)."""

    number: str
    username: str
    domain: str
    streaming: str


@dataclass(slots=True)
class Instance:
    """A server, asked with one account's token."""

    origin: str
    token: str
    paced: Paced

    async def who(self) -> Self:
        """Whose token it is. Raises TokenRefused, OutsideAway, OutsideRefused."""
        me = await self._object("/api/v1/accounts/verify_credentials")
        about = await self._object("/api/v2/instance")
        number, username = me.get("id"), me.get("username")
        if not is_number(number) or not isinstance(username, str) or not _USER.fullmatch(username):
            raise OutsideRefused(f"{self.origin} does not say whose token this is.")
        domain, here = about.get("domain"), urlsplit(self.origin).netloc
        told: Any = about
        for name in ("configuration", "urls", "streaming"):
            told = told.get(name) if isinstance(told, dict) else None
        return Self(
            number,
            username,
            domain if isinstance(domain, str) and _HOST.fullmatch(domain) else here,
            self._streaming(told),
        )

    def _streaming(self, told: object) -> str:
        """Where it streams, as an origin that can be asked; the server itself where it says nothing."""
        if not isinstance(told, str) or not told.startswith(
            ("wss://", "ws://", "https://", "http://")
        ):
            return self.origin
        parts = urlsplit(told)
        secure = parts.scheme in ("wss", "https")
        if not secure and self.origin.startswith("https:"):
            return self.origin  # a token is not said aloud
        return f"{'https' if secure else 'http'}://{parts.netloc}"

    async def notifications(self, after: str | None) -> list[dict[str, Any]]:
        """Those right after a number, or the newest."""
        since = f"&min_id={quote(after, safe='')}" if after is not None else ""
        return await self._list(f"/api/v1/notifications?limit={2 * PAGE}{since}")

    async def statuses(self, number: str, before: str | None) -> list[dict[str, Any]]:
        """An account's newest posts and boosts, or those right before a number."""
        until = f"&max_id={quote(before, safe='')}" if before is not None else ""
        return await self._list(
            f"/api/v1/accounts/{quote(number, safe='')}/statuses?limit={PAGE}{until}"
        )

    async def is_gone(self, number: str) -> bool:
        """Whether a post or boost is there no more."""
        answer = await self._ask(f"/api/v1/statuses/{quote(number, safe='')}")
        return answer.status in (404, 410)

    async def _object(self, path: str) -> dict[str, Any]:
        said = self._json(await self._ask(path))
        if not isinstance(said, dict):
            raise OutsideRefused(f"{self.origin} answers {path} with something else.")
        return said

    async def _list(self, path: str) -> list[dict[str, Any]]:
        said = self._json(await self._ask(path))
        if not isinstance(said, list):
            raise OutsideRefused(f"{self.origin} answers with something else than a list.")
        return [one for one in said if isinstance(one, dict)]

    async def _ask(self, path: str) -> Answer:
        ask = Ask(f"{self.origin}{path}", headers={"accept": "application/json"})
        answer = await self.paced.ask(ask, self.token)
        if answer.status == 401:
            raise TokenRefused(f"{self.origin} does not take the token any more.")
        return answer

    def _json(self, answer: Answer) -> Any:
        if not answer.good:
            raise OutsideAway(f"{self.origin} answers {answer.status}.")
        try:
            return answer.json()
        except BadAnswer as why:
            raise OutsideAway(f"{self.origin}: {why}.") from None
