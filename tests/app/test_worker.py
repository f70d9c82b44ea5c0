"""The worker, on databases that go away and come back."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from app.database import migrate
from app.embedded import Postgres, Valkey
from app.settings import Settings
from app.worker import run
from app.worker.clock import Clock, Job
from app.worker.loops import Loop
from scoring.boards import is_ready, read
from tests.scoring.boards.company import ZONE, Company, board


async def until(true: Callable[[], Awaitable[bool]], timeout_s: float = 20) -> None:
    async with asyncio.timeout(timeout_s):
        while not await true():
            await asyncio.sleep(0.02)


async def value_on_board(redis: Redis, person_id: int) -> int | None:
    view = await read(redis, board(), datetime.now(UTC), ZONE, person_id=person_id)
    return None if view is None or view.own is None else view.own.value


async def end(worker: asyncio.Task[None]) -> None:
    worker.cancel()
    await asyncio.wait_for(worker, 60)


async def test_totals_reach_the_boards_with_any_number_of_workers_and_a_flush(
    database_url: str, redis_url: str, connection: asyncpg.Connection, redis: Redis
) -> None:
    settings = Settings(database_url=database_url, redis_url=redis_url)
    workers = [asyncio.create_task(run(settings)) for _ in range(2)]
    company = Company(connection)
    ana = await company.person("Ana")
    for value in range(1, 31):
        await company.score(ana, value)
        if value % 10 == 0:
            await redis.flushdb()
        await asyncio.sleep(0.01)

    async def there() -> bool:
        return await value_on_board(redis, ana) == 30

    await until(there)
    for worker in workers:
        await end(worker)
    assert await connection.fetchval("select count(*) from outbox") == 0


async def test_a_flush_without_any_news_heals_too(database_url: str, redis_url: str, redis: Redis,
                                                  connection: asyncpg.Connection) -> None:  # fmt: skip
    worker = asyncio.create_task(run(Settings(database_url=database_url, redis_url=redis_url)))

    async def ready() -> bool:
        return await is_ready(redis, board())

    await until(ready)
    await redis.flushdb()
    await until(ready)
    await end(worker)


async def test_a_worker_outlives_restarts_of_postgresql_and_redis(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    for above in tmp_path.parents[:2]:
        above.chmod(0o711)
    postgres = Postgres(tmp_path / "postgres").start()
    valkey = Valkey(tmp_path / "valkey").start()
    settings = Settings(database_url=postgres.url, redis_url=valkey.url)
    await migrate(postgres.url)
    worker = asyncio.create_task(run(settings))
    try:
        ana = 0
        for value in (1, 2, 3):
            connection = await asyncpg.connect(postgres.url)
            redis = Redis.from_url(valkey.url)
            company = Company(connection)
            ana = ana or await company.person("Ana")
            await company.score(ana, value)

            async def there(redis: Redis = redis, ana: int = ana, value: int = value) -> bool:
                return await value_on_board(redis, ana) == value

            await until(there, 30)
            await connection.close()
            await redis.aclose()
            if value == 1:
                await asyncio.to_thread(postgres.stop)
                await asyncio.sleep(0.5)
                postgres.start()
            elif value == 2:
                await asyncio.to_thread(valkey.stop)
                await asyncio.sleep(0.5)
                valkey.start()
        assert not worker.done()
        await end(worker)
    finally:
        worker.cancel()
        await asyncio.to_thread(valkey.stop)
        await asyncio.to_thread(postgres.stop)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_end_a_worker_process_ends_cleanly_within_seconds(
    database_url: str, redis_url: str, redis: Redis, told: signal.Signals
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "worker"],
        env={**os.environ, "FANFARE_DATABASE_URL": database_url, "FANFARE_REDIS_URL": redis_url},
        stdout=subprocess.PIPE,
    )
    try:
        await until(lambda: is_ready(redis, board()), 30)
        process.send_signal(told)
        said, _ = await asyncio.to_thread(process.communicate, timeout=10)
        assert process.returncode == 0
        # Its log is for machines where nobody looks on.
        assert json.loads(said.splitlines()[-1])["event"] == "worker_ended"
    finally:
        process.kill()
        process.wait()


async def test_a_round_that_fails_is_tried_again_on_a_fresh_connection() -> None:
    opened: list[object] = []
    rounds: list[object] = []

    class Connection:
        async def close(self, timeout: float) -> None:
            opened.remove(self)

    async def connect() -> Any:
        opened.append(Connection())
        return opened[-1]

    async def work(connection: Any) -> int:
        rounds.append(connection)
        if len(rounds) == 1:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed")
        if len(rounds) == 2:
            raise KeyError("a fault of our own")
        loop.end()
        return 1

    loop = Loop("test", connect, work)
    await asyncio.wait_for(loop.run(), 30)
    assert len(set(rounds)) == 3
    assert opened == []


async def test_one_clock_leads_and_another_takes_over_when_its_connection_is_gone(
    database_url: str, redis: Redis
) -> None:
    done: list[str] = []

    def clock(name: str) -> Clock:
        async def work(_: object) -> None:
            done.append(name)

        async def failing(_: object) -> None:
            raise ConnectionError("this job cannot today")

        settings = Settings(database_url=database_url)
        return Clock(settings, redis, (Job("failing", failing), Job("note", work)))

    first, second = clock("first"), clock("second")
    one, two = [await asyncpg.connect(database_url) for _ in range(2)]
    for _ in range(2):
        await first.tick(one)
        await second.tick(two)
    assert done == ["first", "first"]
    await one.close()

    async def taken_over() -> bool:
        await second.tick(two)
        return done[-1] == "second"

    await until(taken_over)
    await two.close()
