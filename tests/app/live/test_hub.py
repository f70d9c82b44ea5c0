"""The hub and its listeners, on a Redis that is killed and started again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import pytest
from redis.asyncio import Redis

from app.embedded import Valkey
from app.live.hub import Hub
from app.live.listener import Listener, known_from
from app.live.origin import allowed_origin
from app.live.request import NotAStream, wanted
from scoring import BoardKey, Period
from scoring.boards import signal

WEEK = BoardKey("points", Period.WEEK, date(2026, 11, 16))
MONTH = BoardKey("points", Period.MONTH, date(2026, 11, 1))


def listener(*boards: BoardKey, known: dict[str, int] | None = None) -> Listener:
    return Listener({str(board): (board.element_id,) for board in boards}, known or {})


async def until(true: Callable[[], bool], timeout_s: float = 10) -> None:
    async with asyncio.timeout(timeout_s):
        while not true():
            await asyncio.sleep(0.005)


@pytest.fixture
async def hub(redis: Redis) -> AsyncIterator[Hub]:
    made = Hub(redis, spacing_s=0.2)
    running = asyncio.create_task(made.run())
    async with asyncio.timeout(10):
        while not dict(await redis.pubsub_numsub("fanfare:signals"))[b"fanfare:signals"]:
            await asyncio.sleep(0.005)
    yield made
    running.cancel()


async def test_a_signal_reaches_whoever_watches_the_board_and_nobody_else(
    hub: Hub, redis: Redis
) -> None:
    watching, other = listener(WEEK), listener(MONTH)
    await hub.join(watching)
    await hub.join(other)
    await signal(redis, {WEEK: 7})
    await asyncio.wait_for(watching.stirred.wait(), 30)
    assert b"event: board-points-week-2026-11-16-all\ndata: 7\n" in watching.frames()
    assert other.frames() == b""


async def test_a_board_that_changes_all_the_time_is_told_once_a_spell_with_its_newest_version(
    hub: Hub, redis: Redis
) -> None:
    watching = listener(WEEK)
    await hub.join(watching)
    seen: list[bytes] = []

    async def read() -> None:
        while not seen or b"data: 100\n" not in seen[-1]:
            await watching.stirred.wait()
            seen.append(watching.frames())

    reading, began = asyncio.create_task(read()), time.monotonic()
    for version in range(1, 101):
        await signal(redis, {WEEK: version})
        await asyncio.sleep(0.005)
    await asyncio.wait_for(reading, 30)
    spells = (time.monotonic() - began) / 0.2  # half a second, on a busy machine more
    assert 2 <= len(seen) <= spells + 2


async def test_a_slow_browser_skips_to_the_newest(hub: Hub, redis: Redis) -> None:
    slow = listener(WEEK)
    await hub.join(slow)
    for version in (5, 6, 7):
        await signal(redis, {WEEK: version})
        await asyncio.sleep(0.25)
    assert slow.frames().count(b"event:") == 1
    await signal(redis, {WEEK: 8})
    await asyncio.wait_for(slow.stirred.wait(), 30)
    assert b"data: 8\n" in slow.frames()


async def test_the_current_version_is_told_at_once_unless_the_browser_has_it(
    hub: Hub, redis: Redis
) -> None:
    await redis.hset(WEEK.part("state"), "version", 41)
    fresh, knowing = listener(WEEK), listener(WEEK, known={str(WEEK): 41})
    await hub.join(fresh)
    await hub.join(knowing)
    assert fresh.frames() == (b"id: 41\nevent: board-points-week-2026-11-16-all\ndata: 41\n\n")
    assert knowing.frames() == b""


async def test_an_id_tells_what_is_known_of_every_watched_board(hub: Hub, redis: Redis) -> None:
    await redis.hset(WEEK.part("state"), "version", 41)
    await redis.hset(MONTH.part("state"), "version", 52)
    both = listener(WEEK, MONTH)
    await hub.join(both)
    assert b"id: 41.52\n" in both.frames()
    assert known_from("41.52", [str(WEEK), str(MONTH)]) == {str(WEEK): 41, str(MONTH): 52}


@pytest.mark.parametrize("odd", ["", "x", "1.2", "-1", "١", "1.", "9" * 5000])
def test_an_odd_id_means_nothing_and_breaks_nothing(odd: str) -> None:
    assert known_from(odd, ["a"]) in ({}, {"a": int("9" * 18)})


async def test_a_closed_hub_ends_all_streams_and_takes_no_new_ones(hub: Hub) -> None:
    one = listener(WEEK)
    await hub.join(one)
    hub.close_all()
    late = listener(WEEK)
    await hub.join(late)
    assert one.closed
    assert late.closed


async def test_who_leaves_is_forgotten(hub: Hub) -> None:
    one = listener(WEEK, MONTH)
    await hub.join(one)
    assert len(hub) == 1
    hub.leave(one)
    assert (len(hub), hub._listeners, hub._versions) == (0, {}, {})


async def test_the_hub_hears_again_after_redis_was_killed_and_what_it_missed(
    tmp_path: Path,
) -> None:
    valkey = Valkey(tmp_path / "valkey").start()
    redis = Redis.from_url(valkey.url, socket_connect_timeout=1)
    hub = Hub(redis, spacing_s=0.05)
    running = asyncio.create_task(hub.run())
    try:
        watching = listener(WEEK)
        await hub.join(watching)
        assert watching.frames() == b""
        await redis.hset(WEEK.part("state"), "version", 5)

        async def heard(version: int) -> None:
            data = f"data: {version}\n".encode()
            async with asyncio.timeout(20):
                while data not in watching.frames():
                    await asyncio.wait([asyncio.create_task(watching.stirred.wait())], timeout=0.1)

        async with asyncio.timeout(10):
            while not await redis.publish("fanfare:signals", b"not ours"):
                await asyncio.sleep(0.01)
        await signal(redis, {WEEK: 5})
        await heard(5)
        for version in (6, 8):
            await asyncio.to_thread(valkey.stop)
            await asyncio.sleep(1.0)
            valkey.start()  # on the main thread: it dies with it
            with_another = Redis.from_url(valkey.url)
            await with_another.hset(WEEK.part("state"), "version", version)
            await heard(version)  # no signal was sent: it is asked for
            await signal(with_another, {WEEK: version + 1})
            await heard(version + 1)
            await with_another.aclose()
    finally:
        running.cancel()
        await redis.aclose()
        await asyncio.to_thread(valkey.stop)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://127.0.0.1:8000", True),  # the pages, on another port of the same host
        ("https://fanfare.example", True),
        ("https://fanfare.example:444", False),
        ("http://fanfare.example", False),
        ("https://evil.example", False),
        ("null", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://[", False),
        (None, False),
    ],
)
def test_only_our_own_pages_may_read_from_elsewhere(origin: str | None, allowed: bool) -> None:
    answer = allowed_origin(origin, "127.0.0.1:8001", "https://fanfare.example")
    assert answer == (origin if allowed else None)


def test_a_query_names_boards_each_way_pages_write_it() -> None:
    one, two = str(WEEK), str(MONTH)
    for query in (f"board={one}&board={two}", f"boards={one},{two}", f"boards={one}&board={two}"):
        assert set(wanted(query.encode(), None).events) >= {one, two}
    assert list(wanted(b"", None).events.values()) == [("reshare",)]


def test_a_board_of_reshares_is_also_the_walls() -> None:
    events = wanted(b"board=shared:all:1970-01-01:all", None).events
    assert list(events.values()) == [("board-shared-all-1970-01-01-all", "reshare")]


@pytest.mark.parametrize(
    "query",
    [
        "board=points",
        "board=points:week:2026-11-17:all",
        "boards=" + ",".join(f"points:day:2026-11-{day:02d}:all" for day in range(1, 22)),
        "board=" + "x" * 5000,
        "board=%00%ff",
    ],
)
def test_what_cannot_be_watched_is_refused_with_words(query: str) -> None:
    with pytest.raises(NotAStream):
        wanted(query.encode(), None)


def test_a_page_says_what_it_knows_and_the_browser_knows_better() -> None:
    asked = f"board={WEEK}&since=41".encode()
    assert wanted(asked, None).known == {str(WEEK): 41}
    later = wanted(asked, "42.7")
    assert later.known == {str(WEEK): 42, "shared:all:1970-01-01:all": 7}
