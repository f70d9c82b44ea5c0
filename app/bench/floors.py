"""What the engines themselves need for as much: the floor under Fanfare's own figures."""

from __future__ import annotations

import tempfile
import time
from typing import Any

from redis.asyncio import Redis

_ROWS = 200_000
_AT_ONCE = 4_000
_NAME = "bench:floor"


async def copied(connection: Any) -> float:
    """Engagements a second that PostgreSQL copies into the same table with the same indexes, empty."""
    await connection.execute("create table bench_floor (like engagement including all)")
    try:
        with tempfile.TemporaryFile() as rows:
            told = await connection.copy_from_query(
                "select * from engagement limit $1", _ROWS, output=rows, format="binary"
            )
            rows.seek(0)
            started = time.perf_counter()
            await connection.copy_to_table("bench_floor", source=rows, format="binary")
            took_s = time.perf_counter() - started
    finally:
        await connection.execute("drop table bench_floor")
    return int(told.rpartition(" ")[2]) / took_s


async def added(redis: Redis, people: int) -> float:
    """Seconds in which bare Redis takes so many people onto one sorted set."""
    started = time.perf_counter()
    try:
        for first in range(0, people, _AT_ONCE):
            upto = min(first + _AT_ONCE, people)
            await redis.zadd(_NAME, {str(n): n * 7919 % 5000 for n in range(first, upto)})
        return time.perf_counter() - started
    finally:
        await redis.delete(_NAME)
