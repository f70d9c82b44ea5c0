"""Reading a repository again of which a server's stream did not tell everything (`tooBig`, `#sync`, a cursor
too old): its newest records, and those known here that are there no more.

Laws: it belongs to the batch that left it out, so that a kill in between loses nothing; what cannot be asked
is a gap, never an end of listening. Source: the lexicon com.atproto.repo.listRecords, read 2026-11-22.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import msgspec
import structlog

from app.going_out import Outside, OutsideAway, OutsideRefused
from app.streams.addresses import COLLECTIONS
from scoring import Ask, BadAnswer, deletion

_log = structlog.get_logger(__name__)

_PAGE: Final = 100  # the most it gives
_MOST_PAGES: Final = 5  # of a collection: its newest 500 records
_TRIES: Final = 3  # with a server that is away; then it is a gap


class NotTold(Exception):
    """The server does not tell this repository; the message is its reason."""


@dataclass(slots=True)
class Rereading:
    """Asks one server. `outside` is None where nothing may be asked: all of it is a gap then."""

    stream: str
    outside: Outside | None
    _tried: Counter[str] = field(default_factory=Counter)

    @property
    def _origin(self) -> str:
        parts = urlsplit(self.stream)
        return f"{'https' if parts.scheme == 'wss' else 'http'}://{parts.netloc}"

    async def events(self, did: str, known: Collection[str]) -> list[bytes] | None:
        """What the repository holds and what of `known` (addresses of records) it holds no more, in
        Jetstream's words; None: it cannot be asked. Raises OutsideAway where trying again may help."""
        try:
            found = [
                event
                for collection in COLLECTIONS
                for event in await self._collection(did, collection, known)
            ]
        except (NotTold, OutsideRefused, BadAnswer) as why:
            _log.warning("repository_not_told", stream=self.stream, did=did, why=str(why))
            return None
        except OutsideAway as why:
            self._tried[did] += 1
            if self._tried[did] < _TRIES:
                raise
            _log.warning("repository_not_told", stream=self.stream, did=did, why=str(why))
            return None
        del self._tried[did]
        return found

    async def _collection(self, did: str, collection: str, known: Collection[str]) -> list[bytes]:
        there: dict[str, bytes] = {}
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            said = await self._page(did, collection, cursor)
            for record in said.get("records") or []:
                event = _event(did, collection, record)
                if event is not None:
                    there[str(record["uri"])] = event
            cursor = said.get("cursor")
            if not isinstance(cursor, str) or not said.get("records"):
                cursor = None
                break
        # Newest first: behind the oldest that was told nothing is known to be gone.
        oldest = "" if cursor is None else min(there, default="~")
        begins = f"at://{did}/{collection}/"
        gone = [
            name
            for name in known
            if name.startswith(begins) and name not in there and name > oldest
        ]
        return [*there.values(), *(event for name in gone if (event := deletion(name)))]

    async def _page(self, did: str, collection: str, cursor: str | None) -> dict[str, Any]:
        if self.outside is None:
            raise NotTold("nothing may be asked")
        asked = {"repo": did, "collection": collection, "limit": str(_PAGE)}
        if cursor is not None:
            asked["cursor"] = cursor
        address = f"{self._origin}/xrpc/com.atproto.repo.listRecords?{urlencode(asked)}"
        answer = await self.outside.ask(
            Ask(address, headers={"accept": "application/json"}), most_bytes=8 << 20
        )
        if answer.status == 429 or (answer.status >= 500 and answer.status != 501):
            raise OutsideAway(f"{self._origin} answers {answer.status}.")
        said = answer.json() if answer.good else None
        if not isinstance(said, dict):
            raise NotTold(f"{self._origin} answers {answer.status}")
        return said


def _event(did: str, collection: str, record: object) -> bytes | None:
    """One record as Jetstream would have told it, without the revision, which is not known."""
    if not isinstance(record, dict):
        return None
    uri, value = record.get("uri"), record.get("value")
    begins = f"at://{did}/{collection}/"
    if not isinstance(uri, str) or not uri.startswith(begins) or not isinstance(value, dict):
        return None
    commit = {"operation": "create", "collection": collection, "rkey": uri.removeprefix(begins),
              "cid": record.get("cid"), "record": value}  # fmt: skip
    return msgspec.json.encode({"did": did, "kind": "commit", "commit": commit})
