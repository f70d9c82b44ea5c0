"""Loads a world's history: raw deliveries with their moments of receipt, which the worker's own
code then turns into facts and points. Nothing is written past the adapters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from random import Random

from scoring.connection import Connection
from scoring.platforms import platform
from scoring.platforms.platform import Secrets
from seeds import odds
from seeds.deeds import Deed
from seeds.history import Counted, HandedIn, Happening, History
from seeds.scene import Scene
from seeds.signing import sign
from seeds.traffic import Sending, Teller
from seeds.world import World

# (what is being done, how far, of how much)
Tell = Callable[[str, int, int], None]
UNDER_WAY = timedelta(seconds=45)
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
    received, handed_in = told(history, Teller(world, Random(f"traffic {world.seed}")))
    # What is still under way is of no interest any more.
    return [one for one in received if one.received_at < end_at + UNDER_WAY], handed_in


def told(happenings: Iterable[Happening], teller: Teller) -> tuple[list[Received], list[HandedIn]]:
    """What the networks sent of all this; a few seconds after it happened, as they do."""
    received, handed_in = [], []
    for happening in happenings:
        if isinstance(happening, HandedIn):
            handed_in.append(happening)
        elif isinstance(happening, Counted):
            received += [Received(sending, happening.at + timedelta(seconds=n))
                         for n, sending in enumerate(teller.count(happening.counts))]  # fmt: skip
        else:
            received += [Received(sending, _receipt(happening, teller.rng))
                         for sending in teller.tell(happening)]  # fmt: skip
    received.sort(key=lambda one: one.received_at)
    return received, handed_in


def _receipt(deed: Deed, rng: Random) -> datetime:
    """Seconds later, each delivery for itself, so that they come in another order than they happened;
    now and then hours later, after the network's first attempt failed."""
    late_s = rng.uniform(60, 14_400) if rng.random() < odds.LATE else 0.0
    return deed.at + timedelta(seconds=0.3 + late_s + rng.expovariate(0.5))


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
            key, kept = _taken(one, secrets[name], f"msg_{row['id']}")
            if (day, name, key) in known:  # the same bytes again: the door keeps them once
                continue
            known.add((day, name, key))
            rows.append((row["id"], day, name, one.sending.source, key, json.dumps(kept),
                         one.sending.body, one.received_at))  # fmt: skip
        async with connection.transaction():
            await connection.copy_records_to_table("delivery", columns=_DELIVERY, records=rows)
            await connection.copy_records_to_table(
                "pending_delivery",
                columns=("delivery_id", "recorded_on"),
                records=[(row[0], row[1]) for row in rows],
            )
        done += len(chunk)
        tell("Writing what the networks sent", done, len(received))


def _taken(one: Received, secrets: Secrets, delivery_id: str) -> tuple[str, dict[str, str]]:
    """The key and the headers with which the door, the listener or the poll would have kept it."""
    sending = one.sending
    if sending.source != "webhook" or sending.key:
        return sending.key or sha256(sending.body).hexdigest(), sending.headers
    headers = sign(sending.platform, sending.body, secrets, one.received_at, delivery_id)
    network = platform(sending.platform)
    key = network.verify(headers, sending.body, secrets, one.received_at)
    return key, network.kept_headers(headers, secrets)


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
