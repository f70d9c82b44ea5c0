"""All points recomputed from the facts in plain SQL, against PostgreSQL's own GROUP BY over them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import asyncpg

from app.bench.backlog import put, worked_off
from app.bench.company import HISTORY, found
from app.bench.deeds import Deeds
from app.bench.figure import Figure
from app.bench.processes import COMMAND, running
from app.bench.room import Room
from scoring import verify

# What a board would be if every engagement were worth the same: the least any recount must do.
_GROUP_BY = """
select o.person_id, e.kind, date_trunc('day', e.occurred_at), count(*)
from engagement e join ownership o on o.account_id = e.target_id
group by 1, 2, 3
"""


async def measure(room: Room) -> list[Figure]:
    """Fill a history by the worker, then count it again in both ways."""
    async with room.installation() as settings:
        connection = await asyncpg.connect(settings.require_database_url())
        try:
            now = datetime.now(UTC)
            deeds = Deeds(settings, room.scale.people)
            await found(connection, room.scale.people, now)
            await put(connection, deeds.posts(now - HISTORY, now), now)
            await put(connection, deeds.bodies(room.scale.facts, now - HISTORY, now), now)
            room.tell("Counting again", 0, room.scale.rounds + 1)
            async with running(
                COMMAND, "worker",
                settings=settings, directory=room.directory, ready="worker_started",
            ):  # fmt: skip
                await worked_off(connection)
            await connection.execute("vacuum analyze")

            async def group() -> None:
                await connection.fetch(_GROUP_BY)

            async def recount() -> None:
                result = await verify(connection, zone=settings.timezone)
                if not result.agrees:
                    raise RuntimeError(f"the recount differs: {result.differences[0]}")

            facts = await connection.fetchval("select count(*) from engagement")
            entries = await connection.fetchval("select count(*) from entry")
            plain, again = [], []
            for n in range(room.scale.rounds):
                room.tell("Counting again", n + 1, room.scale.rounds + 1)
                plain.append(facts / await _seconds(group))
                again.append(facts / await _seconds(recount))
            room.tell("Counting again", room.scale.rounds + 1, room.scale.rounds + 1)
        finally:
            await connection.close()
    ratios = [one / other for one, other in zip(again, plain, strict=True)]
    return [
        Figure.of_rounds("engagements counted again and compared by verify", again, "/s"),
        Figure.of_rounds("the same engagements in one GROUP BY", plain, "/s"),
        Figure.of_rounds("verify ÷ GROUP BY", ratios, at_least=0.5),
        Figure("entries they lead to", float(entries)),
    ]


async def _seconds(work: Callable[[], Awaitable[None]]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started
