"""Loads a world's history: raw deliveries with their moments of receipt, which the worker's own
code then turns into facts and points. Nothing is written past the adapters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

from scoring.connection import Connection
from scoring.platforms import platform
from scoring.platforms.platform import Secrets
from seeds.deeds import Deed
from seeds.history import HandedIn, Happening, History
from seeds.scene import Scene
from seeds.signing import sign
from seeds.traffic import Sending, Teller
from seeds.world import World

# (what is being done, how far, of how much)
Tell = Callable[[str, int, int], None]
CHUNK = 4000  # deliveries a COPY; some 10 MB
_DELIVERY = (
    "id", "recorded_on", "platform", "source", "delivery_key", "headers", "body", "received_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery of the past."""

    sending: Sending
    received_at: datetime


def receipts(
    world: World, start_at: datetime, end_at: datetime
) -> tuple[list[Received], list[HandedIn]]:
    """All deliveries of a world's history in the order of receipt, and what people handed in."""
    history = History(Scene(world, Random(f"history {world.seed}")), start_at, end_at)
    return told(history, Teller(world, Random(f"traffic {world.seed}")))


def told(happenings: Iterable[Happening], teller: Teller) -> tuple[list[Received], list[HandedIn]]:
    """What the networks sent of all this; a few seconds after it happened, as they do."""
    received, handed_in = [], []
    for happening in happenings:
        if isinstance(happening, HandedIn):
            handed_in.append(happening)
        else:
            received += [Received(sending, _receipt(happening, teller.rng))
                         for sending in teller.tell(happening)]  # fmt: skip
    received.sort(key=lambda one: one.received_at)
    return received, handed_in


def _receipt(deed: Deed, rng: Random) -> datetime:
    return deed.at + timedelta(seconds=0.3 + rng.expovariate(0.5))


async def store_receipts(
    connection: Connection, received: list[Received], secrets: dict[str, Secrets], tell: Tell
) -> None:
    """Puts deliveries where the webhook would have put them, and into the worker's queue."""
    done, known = 0, set()
    for chunk in _chunks(received):
        ids = await connection.fetch(
            "select nextval('delivery_id_seq') as id from generate_series(1, $1)", len(chunk)
        )
        rows = []
        for row, one in zip(ids, chunk, strict=True):
            name, day = one.sending.platform, one.received_at.astimezone(UTC).date()
            headers = sign(
                name, one.sending.body, secrets[name], one.received_at, f"msg_{row['id']}"
            )
            key = platform(name).verify(headers, one.sending.body, secrets[name], one.received_at)
            if (day, name, key) in known:  # the same bytes again: the door keeps them once
                continue
            known.add((day, name, key))
            kept = platform(name).kept_headers(headers, secrets[name])
            rows.append((row["id"], day, name, "webhook", key, json.dumps(kept), one.sending.body,
                         one.received_at))  # fmt: skip
        async with connection.transaction():
            await connection.copy_records_to_table("delivery", columns=_DELIVERY, records=rows)
            await connection.copy_records_to_table(
                "pending_delivery",
                columns=("delivery_id", "recorded_on"),
                records=[(row[0], row[1]) for row in rows],
            )
        done += len(chunk)
        tell("Writing what the networks sent", done, len(received))


def _chunks(received: list[Received]) -> Iterator[list[Received]]:
    left = iter(received)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


async def hand_in(
    connection: Connection, handed_in: list[HandedIn], ids: dict[int, int], until: datetime
) -> None:
    """Records the posts that people handed in, each at its moment."""
    await connection.copy_records_to_table(
        "mark",
        columns=("post_id", "name", "value", "person_id", "effective_at", "recorded_at"),
        records=[
            (one.post.key, "handed_in", None, ids[one.member.number], one.at, one.at)
            for one in handed_in
            if one.at < until
        ],
    )
