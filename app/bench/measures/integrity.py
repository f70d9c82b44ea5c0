"""What integrity finds among people of whom it is known who cheats, and what looking for it costs."""

from __future__ import annotations

import time
import tracemalloc
from datetime import UTC, datetime

import asyncpg

from app.bench.backlog import put, worked_off
from app.bench.company import HISTORY, found
from app.bench.deeds import Deeds
from app.bench.figure import Figure
from app.bench.processes import COMMAND, running
from app.bench.room import Room
from scoring import detect, detectors, watch
from seeds.cheats import Measured, Population, measured, population

_LEAST_PEOPLE = 400  # fewer than all kinds of cheats and outliers need
_HONEST = ("viral", "talk", "hashtag", "newcomer", "friends", "community")
# Everybody of this company writes the same words: the most that comparing texts can cost.
_MOST_WATCHED = 100
_FACTS_EACH = 80
_WHOLE = 100_000  # engagements that costs are stated for


async def measure(room: Room) -> list[Figure]:
    """The labelled population first, then the watch over a company's own database."""
    people = max(_LEAST_PEOPLE, 2 * room.scale.people)
    room.tell("Looking for what is arranged", 0, 2)
    made = population(people)
    figures = [*_found(measured(made, detect(made.happened()))), *_cost(made)]
    room.tell("Looking for what is arranged", 1, 2)
    figures.append(await _watched(room))
    room.tell("Looking for what is arranged", 2, 2)
    return figures


def _found(result: Measured) -> list[Figure]:
    figures = [
        Figure("right among those found, all kinds", result.precision(), at_least=0.95),
        Figure("plain and careful cheats found, all kinds", _recall(result), at_least=0.8),
        Figure("… and well hidden ones missed", 1 - result.recall(strength="hidden")),
    ]
    for name, detector in detectors().items():
        figures.append(Figure(f"{detector.words}: right", result.precision(name), at_least=0.85))
        figures.append(
            Figure("… plain and careful ones found", _recall(result, name), at_least=0.6)
        )
    honest = sum(result.standing_out(name) for name in _HONEST)
    harmed = sum(len(result.harmed(name)) for name in _HONEST)
    figures.append(Figure("honest virality left alone", 1 - harmed / honest, at_least=1.0))
    return figures


def _recall(result: Measured, kind: str | None = None) -> float:
    return (result.recall(kind, "plain") + result.recall(kind, "careful")) / 2


def _cost(made: Population) -> list[Figure]:
    happened = made.happened()
    started = time.perf_counter()
    findings = list(detect(happened))
    seconds = time.perf_counter() - started
    tracemalloc.start()  # on a run of its own: it slows what it measures
    list(detect(happened))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    whole = _WHOLE / made.engagements
    return [
        Figure("findings", float(len(findings))),
        Figure(f"detecting in {_WHOLE:,} engagements", seconds * whole, "s", at_most=10.0),
        Figure("memory for it beside the engagements", peak * whole / 2**20, "MB", at_most=200.0),
    ]


async def _watched(room: Room) -> Figure:
    """Everybody of a company looked at once, read from its database."""
    async with room.installation() as settings:
        connection = await asyncpg.connect(settings.require_database_url())
        try:
            now = datetime.now(UTC)
            people = min(room.scale.people, _MOST_WATCHED)
            deeds = Deeds(settings, people)
            await found(connection, people, now)
            await put(connection, deeds.posts(now - HISTORY, now), now)
            await put(connection, deeds.bodies(people * _FACTS_EACH, now - HISTORY, now), now)
            async with running(
                COMMAND, "worker",
                settings=settings, directory=room.directory, ready="worker_started",
            ):  # fmt: skip
                await worked_off(connection)
            await connection.execute("vacuum analyze")
            await connection.execute("update unwatched set due_at = now()")
            looked_at, started = 0, time.perf_counter()
            while some := (await watch(connection, now)).people:
                looked_at += some
            seconds = time.perf_counter() - started
        finally:
            await connection.close()
    return Figure("people looked at, whose texts are all the same", looked_at / seconds, "/s")
