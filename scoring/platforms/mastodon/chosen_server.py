"""What a server may say that a person chose, and may run themselves. Pure.

Laws: it is heard about what that person did and what was done to them, and about nobody else, whatever else
stands in what it sends; a post lies with whoever wrote it, so that nobody comes into another's by its name;
posts are described, and followers counted, of its own accounts alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from scoring.facts import Engagement, Fact, Post, Snapshot, Telling, UnusableFact
from scoring.platforms.mastodon.names import Server, host_of
from scoring.platforms.payload import Payload

_DEEPEST: Final = 16  # an account in a quoted post in a boost in a notification stands at the fifth
_WRITTEN: Final = re.compile(r"https?://[^/]+/users/([^/]+)/statuses/.*")


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
        user, _, home = author.partition("@")
        written = _WRITTEN.fullmatch(self.server.post(Payload(post)))
        if not self._lies_at(post["uri"], home) or (written and written[1].lower() != user):
            raise UnusableFact(f"a post of {author} lies with somebody else")
        if not self._lies_at(post.get("url"), home):
            post.pop("url", None)

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


def of_whom_it_may_speak(telling: Telling, chooser: str, server: Server) -> Telling:
    """Of what such a server tells, what is about the account that chose it, and about its own."""
    kept = [fact for fact in telling.facts if _its_own_to_say(fact, chooser, server.name or "")]
    if telling.facts and not kept:
        return Telling.nothing("about nobody whom this server may speak of")
    return Telling(tuple(kept), telling.ignored, telling.platform, telling.unread)


def _its_own_to_say(fact: Fact, chooser: str, host: str) -> bool:
    match fact:
        case Engagement():
            return chooser in (fact.actor, fact.target)
        case Post():
            return fact.author.rpartition("@")[2] == host
        case Snapshot():
            return fact.account.rpartition("@")[2] == host
    return True  # a removal is named by the server's own number
