"""What the address of a Bluesky stream says: who speaks there, how to ask, what a position means.

`wss://host` is a Jetstream; `…/xrpc/network.bsky.jetstream.subscribeEvents` its second version;
`…/xrpc/com.atproto.sync.subscribeRepos` the stream of a server (a PDS) or of a relay. `#ours` behind a
Jetstream's address asks only for what our own accounts do: a thousandth of the traffic, without what others
do to them. Sources: the READMEs and lexicons of Jetstream, both versions, read 2026-11-22.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import urldefrag, urlencode, urlsplit

COLLECTIONS: Final = (
    "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost", "app.bsky.graph.follow",
)  # fmt: skip
_OURS: Final = "ours"
_REWIND_US: Final = 5_000_000  # Jetstream's own advice: a few seconds, told again and known by name
# Both versions refuse more DIDs on one connection. The first takes them in a message after the hello, the
# second only in the address, which proxies cut at 8 kB: 32 letters and `&dids=` each.
_MOST_IN_A_MESSAGE: Final = 10_000
_MOST_IN_AN_ADDRESS: Final = 150
# Of one stream; who has more accounts than fit hears everything and leaves strangers out here.
_MOST_CONNECTIONS: Final = 20


class Speaks(Enum):
    """Who speaks at an address."""

    JETSTREAM = "Jetstream"
    JETSTREAM_2 = "Jetstream's second version"
    SERVER = "a server of the AT Protocol"


_BY_PATH: Final = {
    "network.bsky.jetstream.subscribeEvents": Speaks.JETSTREAM_2,
    "com.atproto.sync.subscribeRepos": Speaks.SERVER,
}


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream by its address; `name` is the address as it was set, by which positions are kept."""

    name: str
    base: str
    speaks: Speaks
    only_ours: bool = False

    @classmethod
    def of(cls, text: str) -> Stream:
        """Read an address."""
        base, fragment = urldefrag(text)
        last = urlsplit(base).path.rstrip("/").rpartition("/")[2]
        speaks = _BY_PATH.get(last, Speaks.JETSTREAM)
        only_ours = fragment == _OURS and speaks is not Speaks.SERVER
        return cls(text, base.rstrip("/"), speaks, only_ours)

    @property
    def tells_of_all(self) -> bool:
        """Whether it tells what the whole network does, which is never silent."""
        return self.speaks is not Speaks.SERVER and not self.only_ours

    def asked(self, ours: Collection[str]) -> list[tuple[str, ...]]:
        """Whose deeds each connection asks for; one that asks for nobody's in particular hears all."""
        if not self.only_ours:
            return [()]
        most = _MOST_IN_A_MESSAGE if self.speaks is Speaks.JETSTREAM else _MOST_IN_AN_ADDRESS
        whose = sorted(ours)
        parts = [tuple(whose[n : n + most]) for n in range(0, len(whose), most)]
        return parts if len(parts) <= _MOST_CONNECTIONS else [()]

    def url(self, position: int | None, dids: Collection[str] = ()) -> str:
        """Where to connect so that the stream goes on at a position."""
        asked: list[tuple[str, str]] = []
        whole = self.base
        match self.speaks:
            case Speaks.JETSTREAM:
                whole += "/subscribe"
                asked = [("wantedCollections", name) for name in COLLECTIONS]
                if dids:
                    asked.append(("requireHello", "true"))
                if position is not None:  # microseconds
                    position = max(position - _REWIND_US, 0)
            case Speaks.JETSTREAM_2:
                asked = [("collections", name) for name in COLLECTIONS]
                asked += [("dids", did) for did in dids]
            case Speaks.SERVER:
                pass  # it can leave nothing out
        if position is not None:
            asked.append(("cursor", str(position)))
        return f"{whole}?{urlencode(asked, safe=':')}" if asked else whole

    def hello(self, dids: Collection[str]) -> str | None:
        """What to say first on a connection that waits for it."""
        if not dids or self.speaks is not Speaks.JETSTREAM:
            return None
        wanted = {"wantedCollections": COLLECTIONS, "wantedDids": sorted(dids)}
        return json.dumps({"type": "options_update", "payload": wanted})
