"""Contests in real worker processes: they start, count, end and are decided by themselves."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner
from redis.asyncio import Redis

from app.cli import main
from app.live.contests import contest_topic
from app.live.topics import topic_versions
from app.settings import Settings
from app.worker import run
from rewards.contests.entering import enter
from tests.rewards.life.world import (
    FIRST,
    answers,
    charter,
    decided,
    decision,
    found,
    published,
    tell,
    wins,
)


async def test_a_contest_of_seconds_runs_by_itself_whoever_of_two_workers_leads(
    database_url: str, redis_url: str, connection: asyncpg.Connection, redis: Redis,
) -> None:  # fmt: skip
    start = datetime.now(UTC)
    await found(connection, until=(start + timedelta(days=30)).date())
    terms = charter(start_at=start, end_at=start + timedelta(seconds=2), settle_hours=0,
                    entering="default")  # fmt: skip
    contest = await published(connection, terms, now=start)
    settings = Settings(database_url=database_url, redis_url=redis_url, secret_key="k" * 64)
    workers = [asyncio.create_task(run(settings)) for _ in range(2)]
    try:
        async with asyncio.timeout(30):
            while not await connection.fetchval("select count(*) from placement"):
                await asyncio.sleep(0.05)
            at = datetime.now(UTC)
            await tell(connection, *answers("a1", 1, at), received_at=at)
            while await decision(connection, contest) is None:
                await asyncio.sleep(0.1)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.wait(workers, timeout=10)
    assert await wins(connection, contest) == [(1, 1, FIRST, 10_000)]
    assert (await topic_versions(redis, [contest_topic(contest)]))[contest_topic(contest)]


@pytest.fixture
def installation(database_url: str, redis_url: str, tmp_path: Any) -> dict[str, str]:
    """A decided contest and one that runs."""

    async def play() -> None:
        connection = await asyncpg.connect(database_url)
        await found(connection)
        for name in ("Decided", "Running"):
            contest = await published(connection, charter(name=name))
            await enter(connection, contest, FIRST, now=charter().start_at - timedelta(days=1))
            if name == "Decided":
                await tell(connection, *answers("a1", 2, charter().start_at))
                await decided(connection)
        await connection.close()

    asyncio.run(play())
    return {
        "FANFARE_DATABASE_URL": database_url,
        "FANFARE_REDIS_URL": redis_url,
        "FANFARE_DATA_DIR": str(tmp_path),
    }


def test_what_was_decided_can_be_checked_from_the_command_line(
    installation: dict[str, str], database_url: str
) -> None:
    def said(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, arguments, env=installation)
        return done.exit_code, done.output

    assert said("verify-contest", "decided")[0] == 0
    assert "So far all agrees" in said("verify-contest", "running")[1]
    assert said("verify-draw", "decided")[0] == 0
    code, words = said("verify-draw", "running")
    assert (code, "its seed is still secret" in words) == (1, True)
    code, words = said("verify-contest", "nothing")
    assert (code, "There is no such contest" in words) == (1, True)

    async def spoil() -> None:
        connection = await asyncpg.connect(database_url)
        await connection.execute("set session_replication_role = replica")
        await connection.execute("update charter set body = replace(body, '10000', '90000')")
        await connection.close()

    asyncio.run(spoil())
    code, words = said("verify-contest", "decided")
    assert (code, "The charter is not what its hash covers" in words) == (1, True)
