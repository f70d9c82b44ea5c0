"""The same board by Fanfare, by the package `leaderboard`, and counted anew for every page."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import asyncpg
from redis.asyncio import Redis

from app.bench import naive
from app.bench.company import add_people
from app.bench.figure import Figure
from app.bench.package import Package
from app.bench.room import Room
from app.bench.timed import both, timed
from app.settings import Settings
from scoring import BoardKey, Boards, Period, rebuild, starts_on

_TOP = 50
_EACH = 5  # entries a person has: less than any company's after a month
_PAGES = 3


async def measure(room: Room) -> list[Figure]:
    """Boards of several sizes, each by all three."""
    figures: list[Figure] = []
    for step, people in enumerate(room.scale.boards):
        room.tell("Beside others", step, len(room.scale.boards))
        async with room.installation() as settings:
            figures += await _compared(room, settings, people)
    room.tell("Beside others", len(room.scale.boards), len(room.scale.boards))
    return figures


async def _compared(room: Room, settings: Settings, people: int) -> list[Figure]:
    words = f"{people:,} people"
    async with Redis.from_url(settings.require_redis_url()) as redis:
        async with asyncpg.create_pool(
            settings.require_database_url(), min_size=1, max_size=2, command_timeout=None
        ) as pool:
            found = await _ours(room, settings, people, pool, redis)
            counted = await _anew(pool, people)
        await redis.flushdb()
        found += await _package(room, settings, people, redis)
    found.append(Figure.of_rounds("counted anew: a look", counted, "s"))
    return [
        Figure(f"{words}: {one.words}", one.value, one.unit, rounds=one.rounds) for one in found
    ]


async def _ours(
    room: Room, settings: Settings, people: int, pool: Any, redis: Redis
) -> list[Figure]:
    now, zone, rng = datetime.now(UTC), settings.timezone, Random(1)
    board = BoardKey("points", Period.ALL, starts_on(Period.ALL, now, zone))
    async with pool.acquire() as connection:
        await _fill(connection, people, now)
        started = time.perf_counter()
        await rebuild(connection, redis, board, zone)
        built_s = time.perf_counter() - started
        held = await _memory(redis)
    boards = Boards(pool, redis, zone)

    async def look() -> object:
        return await boards.view(board, limit=_TOP, person_id=rng.randrange(1, people + 1))

    try:
        looked = await timed(look, room.scale.looks)
    finally:
        await boards.close()
    return [
        Figure("Fanfare: built", built_s, "s"),
        Figure("Fanfare: memory of Redis", held, "MiB"),
        *both("Fanfare: a look", looked),
    ]


async def _package(room: Room, settings: Settings, people: int, redis: Redis) -> list[Figure]:
    try:
        package = Package(settings.require_redis_url())
    except ModuleNotFoundError:
        room.tell("(not installed: pip install leaderboard==3.7.3)", 0, 1)
        return []
    rng = Random(1)
    try:
        values = {str(n): 1 + n * 7919 % 5000 for n in range(1, people + 1)}
        started = time.perf_counter()
        package.fill(values)
        built_s = time.perf_counter() - started
        held = await _memory(redis)

        async def look() -> object:
            return package.look(str(rng.randrange(1, people + 1)))

        looked = await timed(look, room.scale.looks)
    finally:
        package.close()
    return [
        Figure("package: built", built_s, "s"),
        Figure("package: memory of Redis", held, "MiB"),
        *both("package: a look", looked),
    ]


async def _anew(pool: Any, people: int) -> list[float]:
    async with pool.acquire() as connection:
        since = datetime.now(UTC) - timedelta(days=30)
        return await naive.page(connection, since, people // 2, _PAGES, "bench_entry")


async def _fill(connection: Any, people: int, now: datetime) -> None:
    """Everybody's total for us, and some entries of each, kept as lean as can be, for the statement."""
    await add_people(connection, people, now - timedelta(days=2))
    await connection.execute(
        """insert into total (metric, period, starts_on, person_id, value, version)
           select 'points', 'all', '1970-01-01', id, 1 + (id * 7919) % 5000, 1 from person"""
    )
    await connection.execute(
        "create table bench_entry (person_id bigint, points int, occurred_at timestamptz)"
    )
    await connection.execute(
        """insert into bench_entry
           select id, 1 + (id * 7919 + n) % 20, $1::timestamptz - n * interval '1 day'
           from generate_series(1, $2::int) n, person""",
        now,
        _EACH,
    )
    await connection.execute("vacuum analyze")


async def _memory(redis: Redis) -> float:
    """MiB of all keys, each weighed whole: what the server holds in all moves by itself meanwhile."""
    keys = [key async for key in redis.scan_iter(count=1000)]
    return sum([await redis.memory_usage(key, samples=0) or 0 for key in keys]) / 2**20
