"""Which events of the whole network's stream are about people of ours. Pure.

Law: what names one of them anywhere is kept (who acts, whom it answers, quotes, mentions, likes, follows);
of a deletion, which names nobody but its author, only the deeds that are known can tell whether it
matters. An event that cannot be read is passed over: it is one of millions of strangers'.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import msgspec

_NAMED: Final = re.compile(rb"did:[a-z]+:[A-Za-z0-9._:%-]+")


class _Commit(msgspec.Struct):
    operation: str = ""
    collection: str = ""
    rkey: str = ""


class _Payload(msgspec.Struct):
    seq: int = 0
    did: str = ""
    operation: str = ""
    collection: str = ""
    rkey: str = ""


class _Event(msgspec.Struct):
    did: str = ""
    time_us: int = 0
    commit: _Commit | None = None
    payload: _Payload | None = None


_DECODER: Final = msgspec.json.Decoder(_Event)


@dataclass(frozen=True, slots=True)
class Overheard:
    """An event: where in the stream it stood, whether it matters, what it undoes if that decides."""

    position: int
    matters: bool
    undoes: str | None = None


class Sieve:
    """Holds the accounts that are ours, by DID."""

    def __init__(self, dids: Collection[str]) -> None:
        self._dids = frozenset(did.encode() for did in dids)

    def heard(self, event: bytes) -> Overheard | None:
        """What to do with an event; None for one that cannot be read."""
        try:
            read = _DECODER.decode(event)
        except (ValueError, RecursionError):
            return None
        if read.payload is not None:
            did, position = read.payload.did, read.payload.seq
            told: _Commit | _Payload | None = read.payload
        else:
            did, position, told = read.did, read.time_us, read.commit
        ours = not self._dids.isdisjoint(_NAMED.findall(event))
        if ours or told is None or told.operation != "delete":
            return Overheard(position, ours)
        return Overheard(position, False, f"at://{did}/{told.collection}/{told.rkey}")
