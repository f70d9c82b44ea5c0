"""Three real workers in a storm, killed at random moments: what is left is what one would have made."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from redis.asyncio import Redis

from app.bench.backlog import put
from app.bench.company import HISTORY, found, person_account
from app.bench.deeds import Deeds, a_while_ago, event
from app.settings import Settings
from scoring import verify

PEOPLE = 60
STORM = 1_000  # reactions to one post, among as many other deeds
KILLS = 3
_LEFT = (
    "select (select count(*) from pending_delivery) + (select count(*) from change)"
    " + (select count(*) from outbox)"
)


def start(settings: Settings) -> subprocess.Popen[bytes]:
    """A worker of its own, as an installation starts it."""
    return subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "worker"],
        env={**os.environ, **settings.to_environment()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def storm(settings: Settings, now: datetime) -> list[bytes]:
    """What happens: a viral post of one person among everybody's deeds, some of it told twice."""
    deeds = Deeds(settings, PEOPLE)
    bodies = list(deeds.bodies(STORM, a_while_ago(now), now))
    bodies += [
        event("engagement.recorded", now - timedelta(seconds=n), {
            "kind": "reaction", "actor": f"passer-by-{n}", "target": person_account(1),
            "post": "post-1-0",
        })
        for n in range(STORM)
    ]  # fmt: skip
    chance = random.Random(5)
    bodies += chance.sample(bodies, 200)
    chance.shuffle(bodies)
    return bodies


async def totals(connection: Any) -> set[tuple[Any, ...]]:
    rows = await connection.fetch("select metric, period, starts_on, person_id, value from total"
                                  " where value <> 0")  # fmt: skip
    return {tuple(row) for row in rows}


async def drained(connection: Any, timeout_s: float = 120) -> None:
    async with asyncio.timeout(timeout_s):
        while await connection.fetchval(_LEFT):
            await asyncio.sleep(0.05)


async def test_workers_killed_in_a_storm_leave_what_one_that_lives_would_have_left(
    database_url: str, redis_url: str, connection: asyncpg.Connection, redis: Redis
) -> None:
    settings = Settings(database_url=database_url, redis_url=redis_url)
    now = datetime.now(UTC)
    await found(connection, PEOPLE, now)
    await put(connection, Deeds(settings, PEOPLE).posts(now - HISTORY, now), now)
    await put(connection, storm(settings, now), now)
    whole = await connection.fetchval(_LEFT)
    workers = [start(settings) for _ in range(3)]
    chance = random.Random()
    try:
        for kill in range(KILLS):
            # Each at another moment of the way: reading, counting, handing over.
            async with asyncio.timeout(120):
                while await connection.fetchval(_LEFT) > whole * (1 - (kill + 0.5) / (KILLS + 1)):
                    await asyncio.sleep(0.01)
            await asyncio.sleep(chance.random() / 5)
            doomed = workers.pop(0)
            doomed.kill()
            await asyncio.to_thread(doomed.wait)
            workers.append(start(settings))
        await drained(connection)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    verification = await verify(connection, zone=settings.timezone, redis=redis)
    assert [str(difference) for difference in verification.differences] == []
    by_three = await totals(connection)
    assert by_three

    # The same facts counted once more from nothing, in one go by one that nobody kills.
    async with connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        await connection.execute("truncate entry, total, answered, outbox, change")
    await connection.execute(
        "insert into change (subject, subject_id) select 'engagement', id from engagement"
    )
    alone = start(settings)
    try:
        await drained(connection)
    finally:
        alone.kill()
        alone.wait()
    assert await totals(connection) == by_three
