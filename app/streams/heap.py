"""What was heard since the last commit, and committing it.

Law: what was heard, what it undoes and how far are one transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from app.streams import restating
from app.webhooks import DeliveryRow, store
from scoring import (
    Overheard,
    known_deeds,
    note_position,
    remember_deeds,
)

NETWORK: Final = "bluesky"
_MOST_BYTES: Final = 512 * 1024  # of one delivery that holds several events
_MOST_EVENT: Final = 1024 * 1024  # what the table takes; no record may be that large
_MOST_AWAY: Final = 10_000  # accounts; whose word is not read by then is not awaited
_FULL: Final = 32 * 1024 * 1024  # bytes waiting for a commit: beyond them nothing more is read


@dataclass(slots=True)
class Heap:
    """Events in the order in which they came."""

    events: list[bytes] = field(default_factory=list)
    told: dict[str, str | None] = field(
        default_factory=dict
    )  # names of records, and whose they are
    undone: dict[str, bytes] = field(default_factory=dict)
    edited: dict[str, bytes] = field(default_factory=dict)  # each as it was said last
    gone: set[str] = field(default_factory=set)
    there: dict[str, bool] = field(default_factory=dict)  # accounts taken down, or back
    went: dict[str, None] = field(default_factory=dict)  # taken down in a heap before
    renamed: dict[str, str] = field(default_factory=dict)
    untold: set[str] = field(default_factory=set)  # whose records have to be asked for
    reread: list[bytes] = field(default_factory=list)  # what came of asking
    heard: int = 0
    size: int = 0

    @property
    def full(self) -> bool:
        """Whether nothing more should be read before it is committed."""
        return self.size > _FULL

    def add(self, event: bytes, heard: Overheard) -> None:
        """Keep of an event what may matter."""
        self.heard += 1
        if heard.matters and len(event) <= _MOST_EVENT:
            self.events.append(event)
            self.size += len(event)
            if heard.tells is not None:
                self.told[heard.tells] = heard.by
        elif heard.undoes is not None:
            self.undone[heard.undoes] = event
            self.size += len(event)
        if heard.edits is not None:
            self.edited[heard.edits] = event
            self.size += len(event)
        if heard.gone is not None:
            self.gone.add(heard.gone)
        if heard.there is not None:
            self.there[heard.there[0]] = heard.there[1]
        if heard.renamed is not None:
            self.renamed[heard.renamed[0]] = heard.renamed[1]

    def next(self) -> Self:
        """The heap that is gathered after this one."""
        went = [did for did in (*self.went, *self.there) if not self.there.get(did)]
        return type(self)(went=dict.fromkeys(went[-_MOST_AWAY:]))

    async def commit(
        self, connection: Any, stream: str, position: int | None, now: datetime
    ) -> int:
        """Store it inside the caller's transaction; how many events were kept."""
        if self.told:
            await remember_deeds(connection, NETWORK, self.told, now)
        known = await known_deeds(connection, NETWORK, self.undone) if self.undone else ()
        events = [*self.events, *(self.undone[name] for name in known)]
        events += await restating.edited(connection, self.edited, self.told, now)
        events += await restating.gone(connection, self.gone)
        down = [did for did, there in self.there.items() if not there]
        events += await restating.down(connection, down)
        events += await restating.back(connection, self.there.keys() - set(down), self.went)
        events += self.reread
        rows = [
            DeliveryRow.of(NETWORK, hashlib.sha256(body).hexdigest(), {}, body, now, "stream")
            for body in _bodies(events)
        ]
        if rows:
            await store(connection, rows)
        if position is not None:
            await note_position(connection, stream, position, now)
        return len(events)


def _bodies(events: list[bytes]) -> list[bytes]:
    """The events as lists, none of them larger than a delivery may be."""
    lists: list[list[bytes]] = [[]]
    size = 0
    for event in events:
        if lists[-1] and size + len(event) > _MOST_BYTES:
            lists.append([])
            size = 0
        lists[-1].append(event)
        size += len(event) + 1
    return [b"[" + b",".join(one) + b"]" for one in lists if one]
