"""Drafts beside the worker: counted in a process of their own, and taken up where a worker ended."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from app.settings import Settings
from app.what_ifs import Asked, ask, counted_by, counted_elsewhere, job, process, run_next
from app.what_ifs.asking import GIVEN_UP, MOST_TIMES, RUNNING, SILENT, WAITING, save, take
from app.what_ifs.running import Outcome, Progress, books_of
from scoring import RulebookInvalid, presets
from tests.scoring.scene import (
    ANA,
    ZONE,
    count,
    hour,
    like,
    mark,
    raise_curtain,
    reply,
    tell,
    wrote,
)

NOW = datetime.now(UTC)


def asked(toml: str | None = None, *, since: float | None = None) -> Asked:
    since_at = None if since is None else hour(since)
    book = presets()["launch_month"].toml if toml is None else toml
    return Asked(book, "Mine", "the scene", hour(-24), hour(300), ANA, since_at)


async def silent(done: int, of: int) -> None:
    """Nobody looks on."""


async def never(asked: Asked, progress: Progress) -> Outcome:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize("since", [None, -240.0])
async def test_a_process_of_its_own_by_halves_comes_to_the_same(
    connection: Any, database_url: str, redis_url: str, tmp_path: Path, since: float | None
) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        wrote("p", "ana", 0),
        wrote("q", "ben", 0),
        *(reply(f"r{n}", f"out{n}", "ana", "p", n) for n in range(1, 15)),
        *(like(f"out{n}", "ben", "q", n) for n in range(1, 30)),
    )
    await mark(connection, "q", "disclosed")
    await count(connection)
    settings = Settings(
        database_url=database_url, redis_url=redis_url, data_dir=tmp_path, timezone_at_first=ZONE
    )
    far: list[tuple[int, int]] = []

    async def progress(done: int, of: int) -> None:
        far.append((done, of))

    elsewhere = await counted_elsewhere(settings)(asked(since=since), progress)

    assert elsewhere == await counted_by(connection, ZONE)(asked(since=since), silent)
    assert elsewhere.own_changes
    assert elsewhere.result.now.people == 2
    assert far
    with pytest.raises(RulebookInvalid):
        await counted_elsewhere(settings)(asked("rule = []"), progress)


async def test_the_first_half_waits_until_the_other_one_sees_the_same_moment(
    connection: Any, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    await raise_curtain(connection)
    await tell(connection, wrote("p", "ana", 0), *(like(f"o{n}", "ana", "p", n) for n in range(5)))
    await count(connection)
    settings = Settings(
        database_url=database_url, redis_url=redis_url, data_dir=tmp_path, timezone_at_first=ZONE
    )
    books = await books_of(connection, asked(), ZONE)
    ours, theirs = Pipe()

    class Slow:
        """The pipe of a half that comes late."""

        send = theirs.send

        def recv(self) -> Any:
            snapshot = theirs.recv()
            time.sleep(0.5)
            return snapshot

    here, _ = Pipe()  # the forked half closes its copy of the other end
    late = threading.Thread(
        target=process._other_half, args=(settings, asked(), books, here, Slow())
    )
    late.start()
    counted = await asyncio.wait_for(process._first_half(settings, asked(), books, 2, ours), 30)
    late.join()
    whole = await counted_by(connection, ZONE)(asked(), silent)
    assert counted.foreseen(books) == whole.result


async def test_a_draft_whose_worker_was_killed_is_taken_up_by_another(redis: Redis) -> None:
    key = await ask(redis, asked())
    assert await take(redis, NOW) is not None
    assert await take(redis, NOW + SILENT) is None  # it may be counting still
    taken = await take(redis, NOW + SILENT + timedelta(seconds=1))
    assert taken is not None
    assert (taken.key, taken.job.times, taken.job.state) == (key, 2, "running")


async def test_a_draft_that_outlives_worker_after_worker_is_given_up(redis: Redis) -> None:
    key = await ask(redis, asked())
    for n in range(MOST_TIMES):
        assert await take(redis, NOW + n * 2 * SILENT) is not None
    assert await take(redis, NOW + MOST_TIMES * 2 * SILENT) is None
    ended = await job(redis, key)
    assert ended is not None
    assert (ended.state, ended.why) == ("failed", GIVEN_UP)
    assert not await redis.llen(RUNNING)


async def test_a_worker_that_is_told_to_end_leaves_the_draft_to_another_at_once(
    redis: Redis,
) -> None:
    key = await ask(redis, asked())
    begun = asyncio.Event()

    async def counting(asked: Asked, progress: Progress) -> Outcome:
        begun.set()
        return await never(asked, progress)

    round_ = asyncio.create_task(run_next(redis, counting))
    await asyncio.wait_for(begun.wait(), 30)
    round_.cancel()
    await asyncio.gather(round_, return_exceptions=True)
    assert await redis.lrange(WAITING, 0, -1) == [key.encode()]
    assert not await redis.llen(RUNNING)


async def test_a_worker_that_ended_while_it_took_a_draft_loses_none(redis: Redis) -> None:
    key = await ask(redis, asked())
    await redis.lmove(WAITING, RUNNING, "LEFT", "RIGHT")
    this = await job(redis, key)
    assert this is not None
    await save(redis, key, this)
    taken = await take(redis, this.at + 2 * SILENT)
    assert taken is not None
    assert taken.key == key


async def test_whoever_counts_says_so_again_and_again(redis: Redis) -> None:
    key = await ask(redis, asked())
    round_ = asyncio.create_task(run_next(redis, never))
    heard: set[datetime] = set()
    for _ in range(200):
        this = await job(redis, key)
        assert this is not None
        if this.state == "running":
            heard.add(this.at)
        if len(heard) > 2:
            break
        await asyncio.sleep(0.05)
    round_.cancel()
    await asyncio.gather(round_, return_exceptions=True)
    assert len(heard) > 2
