"""Frames of a server's own stream, `com.atproto.sync.subscribeRepos`, put into the words of Jetstream. Pure.

Laws: whatever the bytes are, a frame is read or says why not, and no error escapes. A deed told here is told
in the same words as by Jetstream, so that both are one.

A frame is two DAG-CBOR values, a header and what it says; a commit's records lie in a CAR file inside it.
libipld reads both: strict (no tags, floats or keys the protocol forbids), in Rust, made for this protocol by
the authors of its Python client; cbor2 knows neither CAR nor the strictness.
Source: atproto.com/specs (event-stream, sync, data-model) and the lexicon, read 2026-11-22.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import libipld
import msgspec

from scoring.platforms.bluesky.names import address_of, did_of
from scoring.platforms.bluesky.records import COLLECTIONS

_ERROR: Final = -1
# What the protocol's data model and Python between them can refuse, also at the edges of numbers and depth.
_UNREADABLE: Final = (ValueError, TypeError, OverflowError, RecursionError)
_PATH: Final = re.compile(r"([a-zA-Z0-9.-]{3,200})/([A-Za-z0-9._~:-]{1,200})")
_CID_BYTES: Final = 36  # version 1, codec, SHA-256, 32 bytes of it


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame says. `position` is None for one without a number; `refused` and `informed` name what the
    server says of the stream itself; `untold` is a repository that changed without its records being told."""

    position: int | None = None
    events: tuple[bytes, ...] = ()
    untold: str | None = None
    refused: str | None = None
    informed: str | None = None
    unreadable: str | None = None


def read_frame(data: bytes) -> Frame:
    """Read any bytes as a frame."""
    try:
        header, said = libipld.decode_dag_cbor_multi(data)
        if not isinstance(header, dict) or not isinstance(said, dict):
            return Frame(unreadable="a frame without header")
        if header.get("op") == _ERROR:
            return Frame(refused=_word(said.get("error")) or "an error without a name")
        return _told(header.get("t"), said)
    except _UNREADABLE as why:
        return Frame(unreadable=str(why)[:200] or type(why).__name__)


def deletion(name: str) -> bytes | None:
    """That a record was deleted, as Jetstream says it; None for what is no record's address."""
    address = address_of(name)
    if address is None:
        return None
    commit = {"operation": "delete", "collection": address.collection, "rkey": address.key}
    return msgspec.json.encode({"did": address.did, "kind": "commit", "commit": commit})


def _told(kind: object, said: dict[str, Any]) -> Frame:
    if kind == "#info":
        return Frame(informed=_word(said.get("name")) or "something without a name")
    position, did = said.get("seq"), said.get("repo" if kind == "#commit" else "did")
    if type(position) is not int or position < 0:
        return Frame(unreadable="a frame without a number")
    if not isinstance(did, str) or did_of(did) is None:
        return Frame(position, unreadable="a frame without a repository")
    match kind:
        case "#commit":
            return _commit(position, did, said)
        case "#sync":
            return Frame(position, untold=did)
        case "#identity":
            changed = {"did": did, "seq": position, "handle": _word(said.get("handle"))}
            event = {"did": did, "kind": "identity", "identity": changed}
        case "#account":
            changed = {"did": did, "seq": position, "active": said.get("active") is True,
                       "status": _word(said.get("status"))}  # fmt: skip
            event = {"did": did, "kind": "account", "account": changed}
        case _:
            return Frame(position)  # an older or a newer word: nothing that counts
    return Frame(position, (msgspec.json.encode(event),))


def _commit(position: int, did: str, said: dict[str, Any]) -> Frame:
    if said.get("tooBig") is True:
        return Frame(position, untold=did)
    try:
        operations = list(_operations(said))
        # Most commits hold other collections than ours: their blocks need not be read.
        creates = any(operation[0] != "delete" for operation in operations)
        blocks = libipld.decode_car(_bytes(said.get("blocks")))[1] if creates else {}
    except _UNREADABLE as why:
        return Frame(position, untold=did, unreadable=str(why)[:200] or type(why).__name__)
    events, whole = [], True
    for action, collection, key, cid in operations:
        commit: dict[str, Any] = {
            "rev": _word(said.get("rev")), "operation": action, "collection": collection, "rkey": key,
        }  # fmt: skip
        if action != "delete":
            record = blocks.get(cid) if isinstance(cid, bytes) else None
            if not isinstance(cid, bytes) or not isinstance(record, dict):
                whole = False
                continue
            commit |= {"record": record, "cid": _link(cid)}
        try:
            events.append(_written({"did": did, "kind": "commit", "commit": commit}))
        except _UNREADABLE:
            whole = False  # a record that JSON cannot say
    return Frame(position, tuple(events), untold=None if whole else did)


def _operations(said: dict[str, Any]) -> Iterator[tuple[str, str, str, object]]:
    """(action, collection, key, CID) of what is done to records of collections that count."""
    operations = said.get("ops")
    if not isinstance(operations, list):
        raise TypeError("a commit without operations")
    for operation in operations:
        if not isinstance(operation, dict):
            raise TypeError("an operation that is none")
        action, path = operation.get("action"), operation.get("path")
        if action not in ("create", "update", "delete") or not isinstance(path, str):
            raise TypeError("an operation without action or path")
        found = _PATH.fullmatch(path)
        if found and found[1] in COLLECTIONS:
            yield action, found[1], found[2], operation.get("cid")


def _written(event: dict[str, Any]) -> bytes:
    return msgspec.json.encode(_plain(event))


def _plain(value: Any) -> Any:
    """As the protocol writes its data in JSON: bytes and links as objects of one member."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        link = _link(value)
        return {"$link": link} if link else {"$bytes": b64encode(value).decode().rstrip("=")}
    return value


def _link(value: bytes) -> str | None:
    """A CID as text; None for other bytes, which libipld hands over alike."""
    if len(value) != _CID_BYTES or value[0] != 1 or value[2:4] != b"\x12\x20":
        return None
    return libipld.encode_cid(value)


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("a commit without blocks")
    return value


def _word(value: object) -> str | None:
    return value[:300] if isinstance(value, str) else None
