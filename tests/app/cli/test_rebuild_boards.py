"""`fanfare rebuild-boards` says how far it is, in totals: boards differ in size, and those are the work."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from app.cli.rebuild_boards import run
from app.settings import Settings
from scoring import BoardKey, Period, rebuild
from scoring.boards import boards_in_redis, is_ready
from seeds.scale import Size, load


def silent(words: str, done: int, whole: int) -> None:
    pass


async def test_what_is_told_rises_to_the_number_of_totals_read(
    connection: asyncpg.Connection, database_url: str, redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    settings = replace(Settings(), database_url=database_url, redis_url=redis_url)
    size = Size(people=30, engagements=900, now=datetime.now(UTC), departments=2, offices=2)
    await load(database_url, size, zone=settings.timezone, tag="#x", directory=tmp_path,
               tell=silent, processes=1)  # fmt: skip
    told: list[tuple[int, int]] = []

    _, boards, people = await run(settings, False, lambda words, *far: told.append(far))

    assert people == size.people
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1] >= 4 * size.people
    known = {board async for board in boards_in_redis(redis)}
    assert len(known) == boards >= 12
    of_all = BoardKey("followers", Period.ALL, datetime(1970, 1, 1, tzinfo=UTC).date())
    assert of_all in known
    assert await is_ready(redis, of_all)


async def test_a_board_is_read_in_batches_however_many_stand_on_it(
    connection: asyncpg.Connection, database_url: str, redis: Redis, redis_url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings = replace(Settings(), database_url=database_url, redis_url=redis_url)
    size = Size(people=30, engagements=100, now=datetime.now(UTC), departments=2, offices=2)
    await load(database_url, size, zone=settings.timezone, tag="#x", directory=tmp_path,
               tell=silent, processes=1)  # fmt: skip
    monkeypatch.setattr(sys.modules["scoring.boards.rebuild"], "_BATCH", 7)
    board = BoardKey("followers", Period.ALL, datetime(1970, 1, 1, tzinfo=UTC).date())
    far: list[int] = []

    assert await rebuild(connection, redis, board, settings.timezone, lambda d, _: far.append(d))

    assert far == [7, 14, 21, 28, 30]
