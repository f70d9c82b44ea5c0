"""Engagements scored end to end by one worker: read from deliveries, counted, handed to the boards.

A real worker process works off a backlog; more history must not make it slower.
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
    whole = len(scale.history) * (1 + scale.rounds)
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
            fresh = list(deeds.bodies(scale.batch, a_while_ago(now), now))
            there += await put(connection, fresh, now)
            rounds.append(scale.batch / await worked_off(connection))
        per_second.append(median(rounds))
        words = f"engagements scored, {size:,} and more in history"
        figures.append(Figure.of_rounds(words, rounds, "/s", at_least=10_000))
    room.tell("Scoring", whole, whole)
    entries = await connection.fetchval("select count(*) from entry")
    flatness = per_second[-1] / per_second[0]
    words = f"{scale.history[-1]:,} against {scale.history[0]:,} in history"
    return [
        *figures,
        Figure(words, flatness, at_least=0.8),
        Figure("entries in the ledger afterwards", float(entries)),
    ]
