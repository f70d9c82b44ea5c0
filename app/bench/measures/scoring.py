"""Engagements scored end to end by one worker: read from deliveries, counted, handed to the boards.

A real worker process works off a backlog; more history must not make it slower. Then a second one
helps: here how much it adds is the cores' to say, which load and database share with them, so what an
engagement costs in CPU is said too; and on a database that is far away, where both wait most of the
time, how much two add up to.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any, NamedTuple

import asyncpg
import psutil

from app.bench.backlog import put, worked_off
from app.bench.company import HISTORY, found
from app.bench.deeds import Deeds, a_while_ago
from app.bench.far import far_away
from app.bench.figure import Figure
from app.bench.processes import COMMAND, running
from app.bench.room import Room
from app.bench.spent import spent_s
from app.settings import Settings

_ONE_WAY_S = 0.01  # far enough that one worker leaves more than half of two cores idle
# Rounds grow in a backlog up to 5,000: of a small one two workers cannot have half each.
_BATCHES_AFAR = 2


class _Pace(NamedTuple):
    """Rounds of one measurement: engagements a second, and CPU for each of them."""

    per_second: list[float]
    cost_us: list[float]


async def measure(room: Room) -> list[Figure]:
    """The same batch again and again while the history grows; then by two, then from far away."""
    async with room.installation() as settings:
        connection = await asyncpg.connect(settings.require_database_url())
        try:
            now = datetime.now(UTC)
            await found(connection, room.scale.people, now)
            return await _figures(room, settings, connection, now)
        finally:
            await connection.close()


async def _figures(room: Room, settings: Settings, connection: Any, now: datetime) -> list[Figure]:
    scale, deeds = room.scale, Deeds(settings, room.scale.people)
    whole = len(scale.history) * (1 + scale.rounds) + scale.rounds + 2
    begin = now - HISTORY
    figures: list[Figure] = []
    paces: list[_Pace] = []

    async def rounds(words: str, done: int, workers: list[psutil.Process]) -> _Pace:
        pace = _Pace([], [])
        for n in range(scale.rounds):
            room.tell(words, done + n, whole)
            await _round(connection, deeds, scale.batch, now, workers, pace)
        return pace

    async with _workers(room, settings, "one", 1) as workers:
        there = await put(connection, deeds.posts(begin, now), now)
        await worked_off(connection)
        for step, size in enumerate(scale.history):
            room.tell("Scoring", step * (1 + scale.rounds), whole)
            missing = max(size - there, 0)
            there += await put(connection, deeds.bodies(missing, begin, a_while_ago(now)), now)
            await worked_off(connection)
            # What a database that lives on has by itself.
            await connection.execute("vacuum analyze")
            paces.append(await rounds("Scoring", step * (1 + scale.rounds) + 1, workers))
            there += scale.rounds * scale.batch
            words = f"engagements scored, {size:,} and more in history"
            figures.append(Figure.of_rounds(words, paces[-1].per_second, "/s", at_least=10_000))
    async with _workers(room, settings, "two", 2) as workers:
        by_two = await rounds("Scoring by two", whole - 2 - scale.rounds, workers)
    far, far_two = _Pace([], []), _Pace([], [])
    async with far_away(settings, _ONE_WAY_S) as distant:
        for number, pace in enumerate((far, far_two), start=1):
            room.tell("Scoring from far away", whole + number - 3, whole)
            async with _workers(room, distant, f"far-{number}", number) as workers:
                # The first time every statement is prepared, which takes a trip more.
                await put(connection, deeds.bodies(scale.batch // 4, a_while_ago(now), now), now)
                await worked_off(connection)
                await _round(connection, deeds, _BATCHES_AFAR * scale.batch, now, workers, pace)
    room.tell("Scoring", whole, whole)
    entries = await connection.fetchval("select count(*) from entry")
    by_one = paces[-1]
    flatness = median(by_one.cost_us) / median(paces[0].cost_us)
    cost = median(by_two.cost_us) / median(by_one.cost_us)
    words = f"CPU for one with {scale.history[-1]:,} in history ÷ with {scale.history[0]:,}"
    away = f"on a database {_ONE_WAY_S * 1000:.0f} ms away"
    return [
        *figures,
        Figure.of_rounds("CPU of worker and database for one engagement", by_one.cost_us, "µs"),
        Figure(words, flatness, at_most=1.25),
        Figure.of_rounds("the same with two workers", by_two.cost_us, "µs"),
        Figure("CPU for one by two workers ÷ by one", cost, at_most=1.25),
        Figure("two workers ÷ one, on these cores", _ratio(by_two, by_one)),
        Figure.of_rounds(f"engagements scored by one, {away}", far.per_second, "/s"),
        Figure.of_rounds(f"engagements scored by two, {away}", far_two.per_second, "/s"),
        Figure("two workers ÷ one, where cores are left", _ratio(far_two, far), at_least=1.7),
        Figure("entries in the ledger afterwards", float(entries)),
    ]


def _ratio(one: _Pace, other: _Pace) -> float:
    return median(one.per_second) / median(other.per_second)


@asynccontextmanager
async def _workers(
    room: Room, settings: Settings, name: str, number: int
) -> AsyncIterator[list[psutil.Process]]:
    """So many real workers, each with its own log."""
    async with AsyncExitStack() as stack:
        started = []
        for n in range(number):
            directory = room.directory / f"{name}-{n}"
            directory.mkdir(exist_ok=True)
            worker = running(
                COMMAND, "worker", settings=settings, directory=directory, ready="worker_started"
            )
            started.append(await stack.enter_async_context(worker))
        yield started


async def _round(
    connection: Any,
    deeds: Deeds,
    batch: int,
    now: datetime,
    workers: list[psutil.Process],
    pace: _Pace,
) -> None:
    """A batch that arrives at once is worked off."""
    await put(connection, list(deeds.bodies(batch, a_while_ago(now), now)), now)
    before = await spent_s(connection, workers)
    pace.per_second.append(batch / await worked_off(connection))
    pace.cost_us.append((await spent_s(connection, workers) - before) / batch * 1_000_000)
