"""A look at a board (top 50, own rank, neighbours) in one round trip, against bare Redis."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

import asyncpg
from redis.asyncio import Redis

from app.bench.company import add_people
from app.bench.figure import Figure
from app.bench.room import Room
from app.bench.timed import both, timed
from app.settings import Settings
from scoring import BoardKey, Boards, Period, rebuild, starts_on

_TOP = 50


async def measure(room: Room) -> list[Figure]:
    """Boards of several sizes, each built from its totals first."""
    figures = []
    for step, people in enumerate(room.scale.boards):
        room.tell("Boards", step, len(room.scale.boards))
        async with room.installation() as settings:
            figures += await _board(room, settings, people)
    room.tell("Boards", len(room.scale.boards), len(room.scale.boards))
    return figures


async def _board(room: Room, settings: Settings, people: int) -> list[Figure]:
    now = datetime.now(UTC)
    zone = settings.timezone
    board = BoardKey("points", Period.ALL, starts_on(Period.ALL, now, zone))
    async with (
        asyncpg.create_pool(settings.require_database_url(), min_size=1, max_size=2) as pool,
        Redis.from_url(settings.require_redis_url()) as redis,
    ):
        async with pool.acquire() as connection:
            await _fill(connection, board, people, now)
            started = time.perf_counter()
            await rebuild(connection, redis, board, zone)
            rebuilt_s = time.perf_counter() - started
        boards = Boards(pool, redis, zone)
        rng = random.Random(1)
        ranking = board.part("ranking")

        async def look() -> object:
            person = rng.randrange(1, people + 1)
            return await boards.view(board, limit=_TOP, person_id=person)

        try:
            ping = await timed(redis.ping, room.scale.looks)
            top = await timed(
                lambda: redis.zrevrange(ranking, 0, _TOP - 1, withscores=True), room.scale.looks
            )
            view = await timed(look, room.scale.looks)
        finally:
            await boards.close()
    words = f"{people:,} people"
    return [
        Figure(f"{words}: rebuilt from totals", rebuilt_s, "s", at_most=10),
        *both(f"{words}: bare PING", ping),
        *both(f"{words}: bare ZREVRANGE of {_TOP}", top),
        *both(f"{words}: top {_TOP}, own rank, neighbours", view, p99_at_most=1.0),
    ]


async def _fill(
    connection: asyncpg.Connection, board: BoardKey, people: int, now: datetime
) -> None:
    await add_people(connection, people, now - timedelta(days=2))
    await connection.execute(
        """insert into total (metric, period, starts_on, person_id, value, version)
           select $1, $2, $3, id, 1 + (id * 7919) % 5000, 1 from person""",
        board.metric,
        board.period.value,
        board.starts_on,
    )
    await connection.execute("vacuum analyze")
