"""A small world goes the whole way: deliveries, facts, points, boards."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from app.settings import Settings
from seeds.filling import fill
from seeds.people import InstallationNotEmpty
from seeds.words import DISCLOSURE_TAG


def _silent(words: str, done: int, whole: int) -> None:
    pass


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    return replace(
        Settings(), database_url=database_url, redis_url=redis_url,
        disclosure_tag=f"#{DISCLOSURE_TAG}",
    )  # fmt: skip


async def test_a_small_world_ends_with_ranked_people(
    settings: Settings, connection: asyncpg.Connection
) -> None:
    await fill(settings, people=20, days=3, seed=5, tell=_silent)

    ranked = await connection.fetchval(
        "select count(*) from total where metric = 'points' and period = 'all' and value > 0"
    )
    assert ranked >= 5
    for queue in ("pending_delivery", "change", "outbox"):
        assert await connection.fetchval(f"select count(*) from {queue}") == 0
    assert await connection.fetchval("select count(*) from delivery_outcome") == 0


async def test_an_installation_with_people_is_left_alone(
    settings: Settings, connection: asyncpg.Connection
) -> None:
    await connection.execute("insert into person (recorded_at) values (now())")

    with pytest.raises(InstallationNotEmpty):
        await fill(settings, people=5, days=1, seed=5, tell=_silent)

    assert await connection.fetchval("select count(*) from person") == 1
    assert await connection.fetchval("select count(*) from delivery") == 0
