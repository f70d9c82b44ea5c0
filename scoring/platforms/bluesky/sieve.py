"""Which events of the whole network's stream are about people of ours. Pure.

Law: what names one of them anywhere is kept (who acts, whom it answers, quotes, mentions, likes, follows);
of a deletion, which names nobody but its author, of an edit that names nobody any more, and of an account
that is gone or back, only the deeds that are known can tell whether it matters. An event that cannot be read
is passed over: it is one of millions of strangers'.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import msgspec

from scoring.platforms.bluesky.names import handle_of

_NAMED: Final = re.compile(rb"did:[a-z]+:[A-Za-z0-9._:%-]+")
# Ended by its owner: what it did is not there any more. What the network took down it may bring back, and
# what it did counts no more until then. `deactivated` and `suspended` may end tomorrow.
_DELETED: Final = "deleted"
_DOWN: Final = "takendown"


class _Commit(msgspec.Struct):
    operation: str = ""
    collection: str = ""
    rkey: str = ""


class _Account(msgspec.Struct):
    active: bool = True
    status: str | None = None


class _Identity(msgspec.Struct):
    handle: str | None = None


class _Payload(msgspec.Struct):
    seq: int = 0
    did: str = ""
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    account: _Account | None = None
    identity: _Identity | None = None
    name: str | None = None


class _Event(msgspec.Struct):
    did: str = ""
    time_us: int = 0
    commit: _Commit | None = None
    payload: _Payload | None = None
    account: _Account | None = None
    identity: _Identity | None = None
    error: str | None = None


_DECODER: Final = msgspec.json.Decoder(_Event)


@dataclass(frozen=True, slots=True)
class Overheard:
    """An event: where in the stream it stood and whether it matters. `tells` names the record it brings,
    `by` whose it is, `undoes` the one it takes away, if that decides, `edits` the one it says otherwise;
    `gone` is an account all of whose deeds are undone, `there` one that is there, or else was taken down,
    `renamed` one of ours with the handle it has now; `refused` and `informed` are what the server says of the
    stream itself, without a position."""

    position: int
    matters: bool
    tells: str | None = None
    by: str | None = None
    undoes: str | None = None
    edits: str | None = None
    gone: str | None = None
    there: tuple[str, bool] | None = None
    renamed: tuple[str, str] | None = None
    refused: str | None = None
    informed: str | None = None


class Sieve:
    """Holds the accounts that are ours, by DID."""

    def __init__(self, dids: Collection[str]) -> None:
        self.dids = frozenset(dids)
        self._dids = frozenset(did.encode() for did in dids)

    def heard(self, event: bytes) -> Overheard | None:
        """What to do with an event; None for one that cannot be read."""
        try:
            read = _DECODER.decode(event)
        except (ValueError, RecursionError):
            return None
        payload = read.payload
        told: _Commit | _Payload | None = payload if payload is not None else read.commit
        did = read.did if payload is None else payload.did
        position = read.time_us if payload is None else payload.seq
        ours = not self._dids.isdisjoint(_NAMED.findall(event))
        if told is not None and told.operation:
            if not ours and told.operation == "create":
                return Overheard(position, False)  # most events
            name = f"at://{did}/{told.collection}/{told.rkey}"
            if told.operation == "delete":
                return Overheard(position, ours, undoes=None if ours else name)
            edits = name if told.operation == "update" else None
            return Overheard(position, ours, tells=name if ours else None, by=did, edits=edits)
        return _about_the_account(read, did, position, ours)


def _about_the_account(read: _Event, did: str, position: int, ours: bool) -> Overheard:
    source = read if read.payload is None else read.payload
    account, identity = source.account, source.identity
    ended = account.status if account is not None and not account.active else None
    there = account is not None and account.active
    handle = handle_of(identity.handle or "") if identity is not None and ours else None
    return Overheard(
        position,
        ours,
        gone=did if ended == _DELETED else None,
        there=(did, there) if there or ended == _DOWN else None,
        renamed=(did, handle) if handle else None,
        refused=read.error,
        informed=None if read.payload is None else read.payload.name,
    )
