"""A company on a fresh database, and boards on an empty Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from redis.asyncio import Redis

from scoring.boards import Boards
from tests.scoring.boards.company import ZONE, Company


@pytest.fixture
def company(connection: asyncpg.Connection) -> Company:
    return Company(connection)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(database_url, min_size=1, max_size=6) as opened:
        yield opened


@pytest.fixture
async def boards(pool: asyncpg.Pool, redis: Redis) -> AsyncIterator[Boards]:
    opened = Boards(pool, redis, ZONE)
    yield opened
    await opened.close()
