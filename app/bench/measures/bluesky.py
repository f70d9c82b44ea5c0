"""Bluesky's stream: a backlog of which one event in a thousand matters, sieved by one core.

The floor is reading the same events as JSON and nothing else.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from statistics import median

import msgspec

from app.bench.figure import Figure
from app.bench.room import Room
from scoring import Sieve

_PEOPLE = 5_000
_EVENTS = 100_000
_FIRST_US = 1_788_250_530_000_000


async def measure(room: Room) -> list[Figure]:
    """Sieve the same backlog again and again."""
    events = list(_events(_EVENTS))
    rates, floors, kept = [], [], 0
    for number in range(room.scale.rounds):
        room.tell("Bluesky", number, room.scale.rounds)
        began = time.process_time()
        sieve = Sieve([_ours(n) for n in range(_PEOPLE)])
        kept = sum(1 for event in events if (heard := sieve.heard(event)) and heard.matters)
        rates.append(_EVENTS / (time.process_time() - began))
        began = time.process_time()
        for event in events:
            msgspec.json.decode(event)
        floors.append(_EVENTS / (time.process_time() - began))
    if kept != _EVENTS // 1000:
        raise RuntimeError(f"the sieve kept {kept} events of {_EVENTS // 1000}")
    return [
        Figure.of_rounds("events of Bluesky sieved by one core", rates, "/s", at_least=20_000),
        Figure("… ÷ reading them as JSON", median(rates) / median(floors)),
    ]


def _ours(number: int) -> str:
    return f"did:plc:ours{number:020}"


def _events(count: int) -> Iterator[bytes]:
    for number in range(count):
        whose = (
            _ours(number % _PEOPLE) if number % 1000 == 0 else f"did:plc:other{number % 7919:019}"
        )
        subject = f"at://{whose}/app.bsky.feed.post/3mxaaaaaaaa2a"
        record = {"$type": "app.bsky.feed.like", "createdAt": "2026-09-01T08:15:29.900Z",
                  "subject": {"cid": "bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
                              "uri": subject}}  # fmt: skip
        commit = {"rev": "3mxreveaaaa2c", "operation": "create", "collection": "app.bsky.feed.like",
                  "rkey": f"3mx{number:010}", "record": record,
                  "cid": "bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"}  # fmt: skip
        yield json.dumps(
            {"did": f"did:plc:fan{number:021}", "time_us": _FIRST_US + number, "kind": "commit",
             "commit": commit}
        ).encode()  # fmt: skip
