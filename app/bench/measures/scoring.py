"""Engagements scored end to end by one worker: read from deliveries, counted, handed to the boards.

A real worker process works off a backlog; more history must not make it slower. Then a second one
helps: how much it adds is the cores' to say, which the load and the database share with them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median
from typing import Any

import asyncpg

from app.bench.backlog import put, worked_off
from app.bench.company import HISTORY, found
from app.bench.deeds import Deeds, a_while_ago
from app.bench.figure import Figure
from app.bench.processes import COMMAND, running
from app.bench.room import Room
from app.settings import Settings


async def measure(room: Room) -> list[Figure]:
    """The same batch again and again while the history grows."""
    async with room.installation() as settings:
        connection = await asyncpg.connect(settings.require_database_url())
        try:
            now = datetime.now(UTC)
            await found(connection, room.scale.people, now)
            async with running(
                COMMAND, "worker",
                settings=settings, directory=room.directory, ready="worker_started",
            ):  # fmt: skip
                return await _figures(room, settings, connection, now)
        finally:
            await connection.close()


async def _figures(room: Room, settings: Settings, connection: Any, now: datetime) -> list[Figure]:
    scale, deeds = room.scale, Deeds(settings, room.scale.people)
    whole = len(scale.history) * (1 + scale.rounds) + scale.rounds
    begin = now - HISTORY
    there = await put(connection, deeds.posts(begin, now), now)
    await worked_off(connection)
    figures, per_second = [], []
    for step, size in enumerate(scale.history):
        room.tell("Scoring", step * (1 + scale.rounds), whole)
        missing = max(size - there, 0)
        there += await put(connection, deeds.bodies(missing, begin, a_while_ago(now)), now)
        await worked_off(connection)
        # What a database that lives on has by itself.
        await connection.execute("vacuum analyze")
        rounds = []
        for n in range(scale.rounds):
            room.tell("Scoring", step * (1 + scale.rounds) + n + 1, whole)
            rounds.append(await _round(connection, deeds, scale.batch, now))
            there += scale.batch
        per_second.append(median(rounds))
        words = f"engagements scored, {size:,} and more in history"
        figures.append(Figure.of_rounds(words, rounds, "/s", at_least=10_000))
    second = room.directory / "second"
    second.mkdir(exist_ok=True)
    async with running(
        COMMAND, "worker",
        settings=settings, directory=second, ready="worker_started",
    ):  # fmt: skip
        rounds = []
        for n in range(scale.rounds):
            room.tell("Scoring by two", whole - scale.rounds + n, whole)
            rounds.append(await _round(connection, deeds, scale.batch, now))
    room.tell("Scoring", whole, whole)
    entries = await connection.fetchval("select count(*) from entry")
    flatness = per_second[-1] / per_second[0]
    words = f"{scale.history[-1]:,} against {scale.history[0]:,} in history"
    return [
        *figures,
        Figure(words, flatness, at_least=0.8),
        Figure("two workers against one", median(rounds) / per_second[-1]),
        Figure("entries in the ledger afterwards", float(entries)),
    ]


async def _round(connection: Any, deeds: Deeds, batch: int, now: datetime) -> float:
    """Engagements scored a second, of a batch that arrives at once."""
    await put(connection, list(deeds.bodies(batch, a_while_ago(now), now)), now)
    return batch / await worked_off(connection)
