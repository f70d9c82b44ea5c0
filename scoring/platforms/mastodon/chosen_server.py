"""What a server may say that a person chose, and may run themselves. Pure.

Laws: it is heard about that person, and about nobody else of ours who lives elsewhere, whoever it says did
something and to whom; a post lies at the host of whoever wrote it, so that nobody comes into another's by its
name; followers are counted of its own accounts alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from scoring.facts import UnusableFact
from scoring.platforms.mastodon.names import Server, host_of
from scoring.platforms.payload import Payload

_DEEPEST: Final = 16  # an account in a quoted post in a boost in a notification stands at the fifth


@dataclass(frozen=True, slots=True)
class ChosenServer:
    """One that `recipient` chose; `ours` are the accounts of ours."""

    server: Server
    recipient: str
    ours: Collection[str]

    def of_another(self, account: str) -> bool:
        """Whether an account is somebody else's of ours, or the company's, who lives at another server."""
        return account in self.ours and account != self.recipient and not self._is_here(account)

    def allowed(self, told: Any, depth: int = 0) -> Any:
        """The same without what it may not say. Raises UnusableFact for a post that lies elsewhere than
        whoever wrote it."""
        if depth > _DEEPEST or not isinstance(told, dict | list):
            return told
        if isinstance(told, list):
            return [self.allowed(one, depth + 1) for one in told]
        kept = {name: self.allowed(value, depth + 1) for name, value in told.items()}
        if "followers_count" in kept and not self._is_own(kept):
            del kept["followers_count"]
        if "uri" in kept and isinstance(kept.get("account"), dict):
            self._look_at_post(kept)
        return kept

    def _look_at_post(self, post: dict[str, Any]) -> None:
        author = self.server.account(Payload(post["account"]))
        home = author.rpartition("@")[2]
        if not self._lies_at(post["uri"], home):
            raise UnusableFact(f"a post of {author} lies at another server")
        if not self._lies_at(post.get("url"), home):
            post.pop("url", None)
        if author == self.recipient:
            return
        if self.of_another(author):
            # Without its moment a post is not described: its own server does that.
            post.pop("created_at", None)
        mentions = post.get("mentions")
        if isinstance(mentions, list):
            post["mentions"] = [one for one in mentions if not self._names_another(one)]
        quote = post.get("quote")
        quoted = quote.get("quoted_status") if isinstance(quote, dict) else None
        if isinstance(quoted, dict) and self._names_another(quoted.get("account")):
            del post["quote"]

    def _names_another(self, account: Any) -> bool:
        return isinstance(account, dict) and self.of_another(self.server.account(Payload(account)))

    def _is_here(self, account: str) -> bool:
        return account.rpartition("@")[2] == self.server.name

    def _is_own(self, account: dict[str, Any]) -> bool:
        try:
            return self._is_here(self.server.account(Payload(account)))
        except UnusableFact:
            return False

    def _lies_at(self, address: Any, home: str) -> bool:
        """Whether an address is at a host or below it, or where this server keeps what its names say is
        elsewhere."""
        host = host_of(address) if isinstance(address, str) else None
        if host is None:
            return False
        kept_here = home == self.server.name and host == self.server.web
        return kept_here or host == home or host.endswith(f".{home}")
