"""One stream against a hub, without a server: heartbeats and departures."""

from __future__ import annotations

import asyncio
from typing import Any

from redis.asyncio import Redis

from app.live.hub import Hub
from app.live.request import wanted
from app.live.stream import stream


async def test_a_quiet_stream_beats_and_a_browser_that_goes_is_forgotten(redis: Redis) -> None:
    hub = Hub(redis)
    sent: list[bytes] = []
    gone = asyncio.Event()

    async def receive() -> Any:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    what = wanted(b"board=points:week:2026-11-16:all", None)
    open_stream = asyncio.create_task(stream(hub, what, receive, send, [], heartbeat_s=0.02))
    async with asyncio.timeout(30):
        while sent.count(b": still here\n\n") < 2:
            await asyncio.sleep(0.01)
    assert len(hub) == 1
    assert sent[1].startswith(b"retry: ")
    gone.set()
    await asyncio.wait_for(open_stream, 30)
    assert len(hub) == 0


async def test_a_browser_that_breaks_off_while_we_send_is_forgotten(redis: Redis) -> None:
    hub = Hub(redis)

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        raise ConnectionResetError

    await asyncio.wait_for(stream(hub, wanted(b"", None), receive, send, []), 30)
    assert len(hub) == 0
