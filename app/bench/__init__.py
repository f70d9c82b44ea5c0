"""`fanfare bench`: the numbers an installation reaches on this machine, by the same code a customer runs.

Law: bounded, on this machine only, durable as in production, and every ratio within one run.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.bench.backlog import StandsStill
from app.bench.figure import Figure
from app.bench.machine import described
from app.bench.measures import Measurement, measurements
from app.bench.processes import ProcessFailed
from app.bench.room import NoRoom, Room, check, servers
from app.bench.scale import LARGE, QUICK, USUAL, Scale
from app.bench.table import as_json, in_words

__all__ = [
    "LARGE",
    "QUICK",
    "USUAL",
    "Figure",
    "Measurement",
    "NoRoom",
    "ProcessFailed",
    "Room",
    "Scale",
    "StandsStill",
    "as_json",
    "check",
    "described",
    "in_words",
    "measure",
    "measurements",
    "servers",
]


async def measure(room: Room, names: Sequence[str]) -> dict[str, list[Figure]]:
    """Measure these, one after the other; the results by what was measured."""
    known = measurements()
    try:
        return {f"{name}: {known[name].words}": await known[name].measure(room) for name in names}
    finally:
        await room.close()
