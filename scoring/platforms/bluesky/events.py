"""Events of Jetstream (both versions) and of a server's own stream, which is put into the same words.

Laws: one deed has one name and one moment whichever stream tells it: the record's address, and the
revision's time, which is part of the account's repository (a stream's own time differs from one to the
next, and `createdAt` is whatever its author says). A deletion carries nothing but that name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from scoring.facts import Fact, Removal, Telling
from scoring.platforms.bluesky.names import Address, address_of, did_of, moment_of
from scoring.platforms.bluesky.records import COLLECTIONS, told_by
from scoring.platforms.bluesky.standing import STANDING, told_of
from scoring.platforms.moments import EARLIEST, MAX_AHEAD
from scoring.platforms.parts import Parts
from scoring.platforms.payload import Payload

_V2: Final = "network.bsky.jetstream.subscribeEvents#"


def adapt(whole: Payload, received_at: datetime) -> Telling:
    """Everything one event or a list of them tells. Raises UnusableFact."""
    # Strangers write what they like: what one of them says of us must not hide what the others do.
    parts = Parts()
    for event in whole if whole.is_list else (whole,):
        parts.within(event, partial(_read, event, parts, received_at))
    return parts.telling("no events")


def _read(event: Payload, parts: Parts, received_at: datetime) -> None:
    passed: list[str] = []
    parts.facts += tuple(_told(event, received_at, passed))
    for why in passed:
        parts.passed(why)


def _told(event: Payload, received_at: datetime, passed: list[str]) -> Iterator[Fact]:
    if event["payload"].given:  # the second version wraps its events
        event = event["payload"]
    kind = _kind(event)
    if kind == STANDING:
        yield from told_of(event[STANDING])
        return
    if kind != "commit":
        passed.append(kind)
        return
    commit = event["commit"] if event["commit"].given else event
    operation, collection = commit["operation"].word(), commit["collection"].word()
    address = Address(event["did"].id(), collection, commit["rkey"].id())
    if did_of(address.did) is None or address_of(str(address)) is None:
        passed.append("a record without a name")
    elif collection not in COLLECTIONS:
        passed.append(collection)
    elif operation == "delete":
        yield Removal(str(address))
    elif operation in ("create", "update"):
        at = _at(commit, received_at)
        told = list(told_by(commit["record"], address, at, received_at))
        yield from told
        if not told:
            passed.append(f"{collection} of no post")
    else:
        passed.append(f"{collection} {operation}")


def _kind(event: Payload) -> str:
    if event["$type"].given:
        return event["$type"].word().removeprefix(_V2)
    return event["kind"].word()


def _at(commit: Payload, received_at: datetime) -> datetime | None:
    """The revision's moment; the record's own where that cannot be; None: the receipt counts."""
    at = moment_of(commit["rev"].id()) if commit["rev"].given else None
    if at is not None and EARLIEST <= at <= received_at + MAX_AHEAD:
        return min(at, received_at)
    return commit["record"]["createdAt"].plausible_time(received_at)
