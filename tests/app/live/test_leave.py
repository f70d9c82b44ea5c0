"""Laws of leave: what not everybody may hear of is told only to whom a page behind a guard gave leave."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from redis.asyncio import Redis

from app.live.asgi import Live
from app.live.hub import Hub
from app.live.leave import PAGE, leave, leave_ends_at, needing_leave
from app.live.request import wanted
from app.live.stream import stream
from app.settings import Settings

SECRET, NOW = "s" * 40, datetime(2026, 12, 1, 8, tzinfo=UTC)
PRIVATE = ("connection:x", "screens", "people", "screen:3")
PUBLIC = ("contest:12", "points:week:2026-11-16:all")


async def answered(redis: Redis, boards: str, given: str = "") -> int:
    """How the live process answers a browser that goes at once."""
    live = Live(Settings(redis_url="redis://unused", secret_key=SECRET))
    live.hub = Hub(redis)
    query = urlencode({"board": boards, "leave": given}).encode()
    scope = {"type": "http", "method": "GET", "path": "/live", "query_string": query, "headers": []}
    said: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    await live(scope, receive, send)  # type: ignore[arg-type]
    return int(said[0]["status"])


@pytest.mark.parametrize("topic", PRIVATE)
async def test_nobody_watches_without_leave_nor_with_anothers(redis: Redis, topic: str) -> None:
    now = datetime.now(UTC)
    own = leave(SECRET, [topic], now)
    others = [leave(SECRET, [one], now) for one in (*PRIVATE, "connection:y") if one != topic]
    long_ago = leave(SECRET, [topic], now - 3 * PAGE)
    forged = [leave("t" * 40, [topic], now), own[:-1], f"9{own}", long_ago, "", "x", "1.", "é.0"]
    assert await answered(redis, topic, own) == 200
    assert {await answered(redis, topic, one) for one in (*others, *forged)} == {403}
    # Nor among what everybody may watch, or beside what it was given for.
    assert await answered(redis, f"{PUBLIC[1]},{topic}") == 403
    assert await answered(redis, f"{topic},connection:z", own) == 403


async def test_boards_and_contests_need_none(redis: Redis) -> None:
    assert needing_leave(PUBLIC) == ()
    assert leave(SECRET, PUBLIC, NOW) == ""
    assert [await answered(redis, one) for one in PUBLIC] == [200, 200]


@pytest.mark.parametrize("minutes", range(0, 24 * 60, 97))
def test_leave_lasts_as_long_as_it_says_at_any_hour_and_not_twice(minutes: int) -> None:
    at = NOW + timedelta(minutes=minutes)
    given = leave(SECRET, PRIVATE, at)
    ends_at = leave_ends_at(SECRET, PRIVATE, given, at)
    assert ends_at is not None
    assert PAGE <= ends_at - at <= 2 * PAGE
    assert leave_ends_at(SECRET, PRIVATE, given, ends_at) is None
    assert leave_ends_at(None, PRIVATE, given, at) is None


async def test_a_stream_ends_with_its_leave(redis: Redis) -> None:
    frames: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        frames.append(message)

    hub = Hub(redis)
    watching = wanted(b"board=connection:x", None)
    async with asyncio.timeout(60):
        await stream(hub, watching, asyncio.Event().wait, send, [], lasts_s=0.05)  # type: ignore[arg-type]
    assert frames[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert len(hub) == 0
