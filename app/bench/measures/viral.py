"""A viral post: what everybody else waits, and what it costs, while one person gets 200,000 reactions.

First come all but the last reactions, so that the post is what it is; the last come at many times the
pace of a post that gets them all in an hour, while other people get an answer each.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import psutil

from app.bench.backlog import put, worked_off
from app.bench.company import found, person_account
from app.bench.deeds import answered, event
from app.bench.figure import Figure, quantile
from app.bench.processes import COMMAND, kibibytes, running
from app.bench.room import Room
from app.settings import Settings

_PACE = 1_000  # reactions a second at the end: an hour would be 56
_TICK_S = 0.1
_LOOK_S = 0.01
_GIVE_UP_S = 60.0
_COUNTED_S = 0.01


async def measure(room: Room) -> list[Figure]:
    """The same people's answers on a calm day and in the storm."""
    async with room.installation() as settings:
        connection = await asyncpg.connect(settings.require_database_url())
        try:
            now = datetime.now(UTC)
            # Every second person lets every post count: the others of two phases, and the viral one.
            viral = 4 * room.scale.others + 1
            await found(connection, viral, now)
            async with running(
                COMMAND, "worker",
                settings=settings, directory=room.directory, ready="worker_started",
            ) as worker:  # fmt: skip
                return await _figures(room, settings, connection, worker, viral)
        finally:
            await connection.close()


async def _figures(
    room: Room, settings: Settings, connection: Any, worker: psutil.Process, viral: int
) -> list[Figure]:
    others, phase_s, storm = room.scale.others, room.scale.phase_s, room.scale.storm
    reactions = _reactions(viral)
    part = min(int(_PACE * phase_s), storm // 2)
    room.tell("A viral post", 0, 4)
    calm = await _delays(settings, range(1, 2 * others, 2), phase_s, iter(()))
    room.tell("A viral post", 1, 4)
    first_us = await _cost_us(connection, worker, reactions, part)
    memory = kibibytes(worker)
    for _ in range(storm // part - 2):
        await _cost_us(connection, worker, reactions, part)
    room.tell("A viral post", 2, 4)
    last_us = await _cost_us(connection, worker, reactions, part)
    room.tell("A viral post", 3, 4)
    grown = kibibytes(worker) / memory
    stormy = await _delays(settings, range(2 * others + 1, 4 * others, 2), phase_s, reactions)
    room.tell("A viral post", 4, 4)
    one, other = quantile(calm, 0.99), quantile(stormy, 0.99)
    return [
        Figure("others, delivery to total, p99, on a calm day", one * 1000, "ms"),
        Figure(f"… while a viral post gets {_PACE:,} reactions a second", other * 1000, "ms"),
        Figure("… ratio", other / one, at_most=2.0),
        Figure(f"worker's CPU for each of the first {part:,} reactions", first_us, "µs"),
        Figure(f"… last {part:,} of {storm:,}", last_us, "µs"),
        Figure("… ratio", last_us / first_us, at_most=1.2),
        Figure("worker's memory after ÷ before", grown, at_most=1.3),
    ]


def _reactions(viral: int) -> Iterator[bytes]:
    """Likes of one post by one outsider after another."""
    number = 0
    while True:
        number += 1
        yield event("engagement.recorded", datetime.now(UTC) - timedelta(seconds=2), {
            "kind": "reaction", "actor": f"passer-by-{number}", "target": person_account(viral),
            "post": "viral",
        })  # fmt: skip


async def _cost_us(
    connection: Any, worker: psutil.Process, reactions: Iterator[bytes], count: int
) -> float:
    """What one of the next reactions costs the worker in CPU."""
    before = worker.cpu_times()
    await put(connection, [next(reactions) for _ in range(count)], datetime.now(UTC))
    await worked_off(connection)
    after = worker.cpu_times()
    spent = after.user + after.system - before.user - before.system
    # The system counts in hundredths of a second: what took less took at most that.
    return max(spent, _COUNTED_S) / count * 1_000_000


async def _delays(
    settings: Settings, people: Sequence[int], phase_s: float, storm: Iterator[bytes]
) -> list[float]:
    """Seconds from an answer's delivery until the person's total has it, of each of these people."""
    giving = await asyncpg.connect(settings.require_database_url())
    looking = await asyncpg.connect(settings.require_database_url())
    given: dict[int, float] = {}
    delays: dict[int, float] = {}
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_give(giving, people, phase_s, storm, given))
            tasks.create_task(_see(looking, len(people), phase_s, given, delays))
        await worked_off(giving)
    finally:
        await giving.close()
        await looking.close()
    return list(delays.values())


async def _give(
    connection: Any,
    people: Sequence[int],
    phase_s: float,
    storm: Iterator[bytes],
    given: dict[int, float],
) -> None:
    ticks = int(phase_s / _TICK_S)
    began = time.perf_counter()
    for tick in range(ticks):
        mine = people[tick * len(people) // ticks : (tick + 1) * len(people) // ticks]
        now = datetime.now(UTC)
        at = now - timedelta(seconds=2)
        answers = [answered(one, f"friend-{one}", f"answer-{one}", at) for one in mine]
        crowd = [body for _, body in zip(range(int(_PACE * _TICK_S)), storm, strict=False)]
        # In the middle of the crowd.
        half = len(crowd) // 2
        await put(connection, [*crowd[:half], *answers, *crowd[half:]], now)
        given.update(dict.fromkeys(mine, time.perf_counter()))
        await asyncio.sleep(max(began + (tick + 1) * _TICK_S - time.perf_counter(), 0))


async def _see(
    connection: Any, count: int, phase_s: float, given: dict[int, float], delays: dict[int, float]
) -> None:
    until = time.perf_counter() + phase_s + _GIVE_UP_S
    while len(delays) < count and time.perf_counter() < until:
        waiting = [one for one in given if one not in delays]
        rows = await connection.fetch(
            """select person_id from total where metric = 'points' and period = 'all'
                 and starts_on = '1970-01-01' and person_id = any($1::bigint[])""",
            waiting,
        )
        seen_at = time.perf_counter()
        delays.update((row["person_id"], seen_at - given[row["person_id"]]) for row in rows)
        await asyncio.sleep(_LOOK_S)
    # Who is not seen at all waited as long as we did.
    for one in given.keys() - delays.keys():
        delays[one] = time.perf_counter() - given[one]
