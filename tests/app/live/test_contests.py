"""Contests on the live stream: what changed is told, what they say is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from app.live.contests import contest_topic, signal_contests
from app.live.hub import Hub
from app.live.listener import Listener
from app.live.request import NotAStream, wanted
from app.live.topics import topic_event, topic_versions

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
TOPIC = contest_topic(12)


def listener(known: int = 0) -> Listener:
    return Listener({TOPIC: (topic_event(TOPIC),)}, {TOPIC: known} if known else {})


@pytest.fixture
async def hub(redis: Redis) -> AsyncIterator[Hub]:
    made = Hub(redis, spacing_s=0.1)
    running = asyncio.create_task(made.run())
    async with asyncio.timeout(10):
        while not dict(await redis.pubsub_numsub("fanfare:signals"))[b"fanfare:signals"]:
            await asyncio.sleep(0.005)
    yield made
    running.cancel()


def test_a_stream_may_watch_boards_and_contests() -> None:
    found = wanted(b"board=contest:12&board=points:week:2026-11-16:all", None)
    assert found.events[TOPIC] == ("contest-12",)
    assert list(found.events)[:2] == [TOPIC, "points:week:2026-11-16:all"]


@pytest.mark.parametrize("name", ["contest:0", "contest:x", "contest:", "contest:12:secret"])
def test_what_can_be_no_contest_is_refused(name: str) -> None:
    with pytest.raises(NotAStream):
        wanted(f"board={name}".encode(), None)


async def test_a_change_reaches_whoever_watches_the_contest(hub: Hub, redis: Redis) -> None:
    watching = listener()
    await hub.join(watching)
    await signal_contests(redis, {12, 13}, NOW)
    await asyncio.wait_for(watching.stirred.wait(), 30)
    frames = watching.frames()
    assert b"event: contest-12\n" in frames
    assert b"contest-13" not in frames


async def test_who_comes_later_hears_of_the_newest_version_and_a_flushed_redis_forgets_no_news(
    hub: Hub, redis: Redis
) -> None:
    await signal_contests(redis, {12}, NOW)
    first = (await topic_versions(redis, [TOPIC]))[TOPIC]
    late = listener()
    await hub.join(late)
    assert f"data: {first}".encode() in late.frames()
    await redis.flushdb()
    await signal_contests(redis, {12}, NOW + timedelta(seconds=1))
    assert (await topic_versions(redis, [TOPIC]))[TOPIC] > first
