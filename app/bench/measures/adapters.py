"""Deliveries of every network read by one core: how many engagements a second.

Law: what is read is what the demo's networks send; each delivery is read from its bytes. The floor of each
is reading the same bytes as JSON (or XML) and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import islice
from statistics import median
from typing import Any
from xml.etree.ElementTree import fromstring

import msgspec

from app.bench.figure import Figure
from app.bench.room import Room
from scoring import Delivery, platforms
from seeds.speaking import deliveries

_TIMED_S = 0.5  # CPU of one round at the usual scale
_TAUGHT = 12  # a scale for tests has so few people


async def measure(room: Room) -> list[Figure]:
    """One network after the other, round by round."""
    known = platforms()
    figures = []
    for place, (name, network) in enumerate(known.items()):
        room.tell(f"What {network.label} sends", place, len(known))
        tiny = room.scale.people <= _TAUGHT
        read = list(islice(deliveries(name), 40 if tiny else 2_000))
        # Posts, removals and follower counts come along; what has a kind is a deed.
        told = sum(
            hasattr(fact, "kind") for delivery in read for fact in network.adapt(delivery).facts
        )
        timed_s = 0.0 if tiny else _TIMED_S
        parse: Callable[[bytes], object] = (
            fromstring if read[0].body.lstrip().startswith(b"<") else msgspec.json.decode
        )
        rates, floors = [], []
        for _ in range(room.scale.rounds):
            rates.append(told / _cpu_s(network.adapt, read, timed_s))
            floors.append(told / _cpu_s(parse, [one.body for one in read], timed_s))
        figures += [
            Figure.of_rounds(f"{network.label}: engagements read by one core", rates, "/s"),
            Figure(
                f"… ÷ only parsing ({len(read):,} deliveries, {told:,} engagements)",
                median(rates) / median(floors),
            ),
        ]
    return figures


def _cpu_s(do: Callable[[Any], object], to: Sequence[Delivery | bytes], timed_s: float) -> float:
    """CPU seconds of doing it to each once, by as many passes as fill the time; one at least."""
    began, passes, spent = time.process_time(), 0, 0.0
    while passes == 0 or spent < timed_s:
        for one in to:
            do(one)
        passes += 1
        spent = time.process_time() - began
    return max(spent, 1e-6) / passes
