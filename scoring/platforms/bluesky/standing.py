"""What Fanfare itself says of a deed that it knows, among a stream's events: that it is taken back, or that
it stands again. Pure; the names are those of `scoring.standing`.

It says so where the network has no word for it: of an edit, and of an account that is taken down for now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from scoring.facts import Engagement, Fact, Kind, Removal, UnusableFact
from scoring.platforms.bluesky.names import address_of
from scoring.platforms.payload import Payload

STANDING: Final = "standing"


def standing_event(
    kind: str, native_id: str, target: str | None, also: str | None, gone: Sequence[str]
) -> bytes:
    """That a deed has another name, and that some of its names are taken back."""
    said = {"deed": kind, "name": native_id, "target": target, "also": also, "gone": gone}
    return msgspec.json.encode({"kind": STANDING, STANDING: said})


def told_of(said: Payload) -> Iterator[Fact]:
    """What such an event tells. Raises UnusableFact."""
    name, kind = address_of(said["name"].id()), said["deed"].word()
    if name is None or kind not in set(Kind):
        raise UnusableFact(f"{said.path}: it names no deed")
    if said["also"].given:
        target = said["target"].id() if said["target"].given else None
        yield Engagement(Kind(kind), str(name), name.did, target, also=(said["also"].id(),))
    yield from (Removal(one.id()) for one in said["gone"])
