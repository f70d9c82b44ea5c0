"""The calendar a web process goes by: named seasons and the company's time zones, as they are set.

Law: both are set ahead by more than a process takes to look again, so that it is wrong about no day.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

import asyncpg
import structlog

from scoring import keep_seasons

_log = structlog.get_logger(__name__)
_LOOKS_EVERY_S: Final = 60.0


@contextlib.asynccontextmanager
async def followed(pool: asyncpg.Pool) -> AsyncIterator[None]:
    """Follow it from here on, and look again every minute inside."""
    await _look(pool)
    looking = asyncio.create_task(_go_on(pool), name="calendar")
    try:
        yield
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking


async def _go_on(pool: asyncpg.Pool) -> None:
    while True:
        await asyncio.sleep(_LOOKS_EVERY_S)
        await _look(pool)


async def _look(pool: asyncpg.Pool) -> None:
    try:
        async with pool.acquire() as connection:
            await keep_seasons(connection)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
        _log.warning("calendar_not_looked_at", why=f"{trouble}")
