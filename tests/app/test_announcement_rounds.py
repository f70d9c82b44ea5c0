"""Announcements in the worker: screens hear of each step, and what is over is finished by itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from app.live.contests import contest_topic
from app.live.screens import PEOPLE, SCREENS
from app.live.topics import topic_versions
from app.settings import Settings
from app.worker import announcements, run
from app.worker.announcements import Announcements, standing, where
from rewards import length, show_award, take_step
from scoring import Shown, leave, show
from tests.rewards.announcements.scene import (
    A1,
    LEADER,
    award_of,
    company,
    contest,
    happened,
    planned,
)
from tests.rewards.life.world import first


async def version(redis: Redis, topic: str = SCREENS) -> int:
    return (await topic_versions(redis, [topic]))[topic]


async def test_screens_are_told_when_a_reveal_begins_and_steps_and_not_in_between(
    connection: Any, redis: Redis
) -> None:
    await company(connection)
    won = await contest(connection, prizes=(first(last=3),))
    rounds = Announcements(redis)
    await rounds.tick(connection)
    assert await version(redis) == 0
    # It began long enough ago that its opening is over, and goes on for some time.
    begins = datetime.now(UTC) - timedelta(seconds=1)
    one = await planned(connection, won, manner="stepped", now=begins)
    await rounds.tick(connection)
    begun = await version(redis)
    assert begun > 0
    await rounds.tick(connection)
    assert await version(redis) == begun
    await take_step(connection, one.id, to=1, by=LEADER, now=datetime.now(UTC))
    await asyncio.sleep(0.002)  # a version is a millisecond
    await rounds.tick(connection)
    assert await version(redis) > begun


async def test_a_reveal_that_was_over_while_no_worker_ran_is_finished_by_one_of_two(
    connection: Any, redis: Redis, database_url: str, redis_url: str
) -> None:
    await company(connection)
    won = await contest(connection)
    one = await planned(connection, won, now=datetime.now(UTC) - timedelta(minutes=2))
    assert length(one.plan) < timedelta(minutes=2)
    settings = Settings(database_url=database_url, redis_url=redis_url, secret_key="k" * 64)
    workers = [asyncio.create_task(run(settings)) for _ in range(2)]
    try:
        async with asyncio.timeout(20):
            while not await version(redis, contest_topic(won)):
                await asyncio.sleep(0.02)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.wait(workers, timeout=10)
    assert (await happened(connection, won)).count("announced") == 1
    assert await version(redis) > 0


async def test_while_one_leads_no_other_does_anything_and_redis_may_be_away(
    connection: Any, database_url: str
) -> None:
    await company(connection)
    won = await contest(connection)
    await planned(connection, won, now=datetime.now(UTC) - timedelta(minutes=2))
    away = Redis.from_url("redis://127.0.0.1:1/0")
    leader = await asyncpg.connect(database_url)
    first_one, second = Announcements(away), Announcements(away)
    await leader.fetchval("select pg_advisory_lock($1)", 0x616E6E6F)
    await second.tick(connection)
    assert "announced" not in await happened(connection, won)
    await leader.close()
    await first_one.tick(connection)
    assert "announced" in await happened(connection, won)
    await away.aclose()


async def test_a_step_that_redis_was_away_for_is_told_when_it_is_back(
    connection: Any, redis: Redis
) -> None:
    await company(connection)
    won = await contest(connection)
    away = Redis.from_url("redis://127.0.0.1:1/0")
    rounds = Announcements(away)
    await planned(connection, won, manner="stepped", now=datetime.now(UTC) - timedelta(seconds=1))
    await rounds.tick(connection)
    rounds.redis = redis
    await rounds.tick(connection)
    told = await version(redis)
    assert told > 0
    await asyncio.sleep(0.002)  # a version is a millisecond
    await rounds.tick(connection)
    assert await version(redis) == told
    await away.aclose()


@pytest.mark.parametrize("what", ["hides", "leaves", "wants no name"])
async def test_screens_are_told_until_none_shows_somebody_who_changed_their_mind_at_a_step_that_stands(
    connection: Any, redis: Redis, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    await company(connection)
    won = await contest(connection, prizes=(first(last=3),))
    rounds, now = Announcements(redis), datetime.now(UTC)
    id = await award_of(connection, A1, 1)
    await show_award(connection, id, by=A1, name="name", prize=True, now=now)
    await planned(connection, won, manner="stepped", now=now - timedelta(seconds=1))
    await rounds.tick(connection)
    before, steps = await version(redis, PEOPLE), await version(redis)
    if what == "hides":
        await show(connection, A1, Shown("hidden", None, False, False, False), now)
    elif what == "leaves":
        await leave(connection, A1, now)
    else:
        await show_award(connection, id, by=A1, name="none", prize=False, now=now)
    monkeypatch.setattr(announcements, "_TELLS_AGAIN", timedelta(minutes=1))  # however slow a round
    monkeypatch.setattr(announcements, "_LOOKS_EVERY", timedelta())
    rounds._looks_at = now
    told = set()
    for _ in range(4):
        await asyncio.sleep(0.01)
        await rounds.tick(connection)
        told.add(await version(redis, PEOPLE))
    assert len(told) == 4  # a frame of before is handed out for a moment, so once is not enough
    assert min(told) > before
    rounds._tell_until = datetime.now(UTC)
    await rounds.tick(connection)
    assert await version(redis, PEOPLE) == max(told)
    assert await version(redis) == steps


async def test_of_a_step_that_stands_people_are_read_every_two_seconds_not_twice_in_one(
    connection: Any, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    await company(connection)
    won = await contest(connection)
    await planned(connection, won, manner="stepped", now=datetime.now(UTC) - timedelta(seconds=1))
    read = []

    async def noted(connection: Any, on: Any, now: datetime) -> object:
        read.append(now)
        return await standing(connection, on, now)

    monkeypatch.setattr(announcements, "standing", noted)
    rounds = Announcements(redis)
    for _ in range(20):
        await rounds.tick(connection)
    assert all(later - sooner >= timedelta(seconds=2) for sooner, later in pairwise(read))
    assert len(read) >= 1


def test_nothing_is_on_where_there_is_no_announcement() -> None:
    assert where(None, datetime.now(UTC)) is None
