"""Topics on the live stream: screens hear of what is for all of them, and of their own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from app.live.contests import contest_topic
from app.live.hub import Hub
from app.live.listener import Listener
from app.live.request import NotAStream, wanted
from app.live.screens import PEOPLE, SCREENS, screen_topic
from app.live.topics import is_topic, signal, topic_event, topic_versions
from scoring import SIGNALS

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_a_screen_watches_all_screens_and_itself() -> None:
    found = wanted(b"board=screens,people&board=screen:3&board=contest:12", None)
    assert dict(list(found.events.items())[:4]) == {
        "screens": ("screens",), "people": ("people",),
        "screen:3": ("screen-3",), "contest:12": ("contest-12",),
    }  # fmt: skip
    assert (SCREENS, PEOPLE, screen_topic(3)) == ("screens", "people", "screen:3")


@pytest.mark.parametrize(
    "name",
    ["screen", "screens:1", "screen:0", "screen:03", "screen:-1", "screen:x", "screen:1:key",
     "SCREENS", "screens\n", "screen:9999999999999999999", "people:1"],
)  # fmt: skip
def test_what_can_be_no_topic_is_refused(name: str) -> None:
    assert not is_topic(name)
    with pytest.raises(NotAStream):
        wanted(b"board=" + name.encode().replace(b"\n", b"%0A"), None)


async def test_a_version_is_the_moment_of_the_change_and_what_was_not_signalled_has_none(
    redis: Redis,
) -> None:
    await signal(redis, [SCREENS, screen_topic(3), SCREENS], NOW)
    await signal(redis, [SCREENS], NOW + timedelta(seconds=1))
    await signal(redis, [], NOW)
    at = int(NOW.timestamp() * 1000)
    assert await topic_versions(redis, [SCREENS, screen_topic(3), contest_topic(1)]) == {
        SCREENS: at + 1000, screen_topic(3): at, contest_topic(1): 0,
    }  # fmt: skip


async def test_a_host_whose_clock_is_behind_loses_no_signal(redis: Redis) -> None:
    await signal(redis, [SCREENS], NOW)
    hub, screen = Hub(redis, spacing_s=0), Listener({SCREENS: (SCREENS,)}, {})
    await hub.join(screen)
    screen.frames()
    listening = asyncio.create_task(hub.run())
    try:
        async with asyncio.timeout(10):
            while not (await redis.pubsub_numsub(SIGNALS))[0][1]:
                await asyncio.sleep(0.01)
            for _ in range(2):
                await signal(redis, [SCREENS], NOW - timedelta(minutes=1))
                await screen.stirred.wait()
                assert b"event: screens" in screen.frames()
    finally:
        listening.cancel()
        await asyncio.wait([listening])
    at = int(NOW.timestamp() * 1000)
    assert await topic_versions(redis, [SCREENS]) == {SCREENS: at + 2}


async def test_a_screen_that_connects_late_is_told_of_what_it_missed_and_of_no_other_screen(
    redis: Redis,
) -> None:
    await signal(redis, [SCREENS, screen_topic(3), screen_topic(4)], NOW)
    late = Listener({name: (topic_event(name),) for name in (SCREENS, screen_topic(3))}, {})
    await Hub(redis).join(late)
    frames = late.frames()
    assert b"event: screens\n" in frames
    assert b"event: screen-3\n" in frames
    assert b"screen-4" not in frames
