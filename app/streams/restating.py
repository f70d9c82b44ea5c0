"""What a stream says of deeds that are known already, in words that can be stored: that an edit took them
back, that their account is gone, was taken down, or is there again.

Law: it says so of what is read; of what nobody has read yet it can only say that the record is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from scoring import (
    Delivery,
    StandingDeed,
    deeds_of,
    deeds_told,
    deletion,
    known_deeds,
    standing_deeds,
    standing_event,
)

_NETWORK: Final = "bluesky"


async def edited(
    connection: Any, edits: Mapping[str, bytes], ours: Collection[str], now: datetime
) -> list[bytes]:
    """What edits took back: deeds that the records, by name, tell no more. `ours` are the names of those that
    still name somebody of ours."""
    if not edits:
        return []
    events, read = [], set()
    told = {
        name: deeds_told(Delivery(0, _NETWORK, "stream", {}, event, now))
        for name, event in edits.items()
    }
    for deed in await standing_deeds(connection, _NETWORK, named=edits):
        read.add(deed.native_id)
        still = told[deed.native_id]
        if still is not None and deed.id not in still and not (deed.nameless or deed.edited_out):
            events.append(_said(deed, deed.edited()))
    unread = [name for name in edits if name not in read and name not in ours]
    events += _deleted(await known_deeds(connection, _NETWORK, unread) if unread else ())
    return events


async def gone(connection: Any, dids: Collection[str]) -> list[bytes]:
    """All that these accounts did, as deleted."""
    known = await deeds_of(connection, _NETWORK, dids) if dids else {}
    return _deleted(name for names in known.values() for name in names)


async def down(connection: Any, dids: Collection[str]) -> list[bytes]:
    """All that these accounts did, as taken back until they are there again."""
    if not dids:
        return []
    deeds = await standing_deeds(connection, _NETWORK, by=dids)
    named = {deed.native_id for deed in deeds} - {one.native_id for one in deeds if one.nameless}
    events = [
        _said(deed, deed.taken_back())
        for deed in deeds
        if deed.native_id in named and not deed.gone
    ]
    known = await deeds_of(connection, _NETWORK, dids)
    return events + _deleted(
        name for names in known.values() for name in names if name not in named
    )


async def back(connection: Any, dids: Collection[str], went: Collection[str]) -> list[bytes]:
    """What of these accounts was taken back for a while. `went` are those that were lately heard to be taken
    down, which may not be read yet."""
    if not dids:
        return []
    return [
        _said(deed, deed.standing_again())
        for deed in await standing_deeds(connection, _NETWORK, by=dids)
        if (deed.gone or _whose(deed) in went) and not (deed.nameless or deed.edited_out)
    ]


def _whose(deed: StandingDeed) -> str:
    return deed.native_id.removeprefix("at://").partition("/")[0]


def _said(deed: StandingDeed, names: tuple[str | None, list[str]]) -> bytes:
    return standing_event(deed.kind, deed.native_id, deed.target, *names)


def _deleted(names: Any) -> list[bytes]:
    return [event for name in names if (event := deletion(name)) is not None]
