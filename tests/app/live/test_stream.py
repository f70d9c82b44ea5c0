"""The live process itself, in granian, read by a raw client."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from redis.asyncio import Redis

from scoring import BoardKey, Period
from scoring.boards import signal as tell
from tests.app.live.browser import Stream
from tests.ports import free_port

WEEK = BoardKey("points", Period.WEEK, date(2026, 11, 16))
RESHARES = BoardKey("shared", Period.ALL, date(1970, 1, 1))


class Process:
    """A live process of its own."""

    def __init__(self, redis_url: str, log: Path) -> None:
        self.port = free_port()
        environment = {
            **os.environ,
            "FANFARE_REDIS_URL": redis_url,
            "FANFARE_BASE_URL": "http://127.0.0.1:1",
        }
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "granian", "--interface", "asgi", "--factory",
                    "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1",
                    "--loop", "uvloop", "--no-ws", "--http", "1", "--workers-kill-timeout", "20",
                    "app.live.asgi:create_live",
                ],
                env=environment, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError(log.read_text()) from None
                time.sleep(0.02)


@pytest.fixture
def live(redis_url: str, tmp_path: Path) -> Iterator[Process]:
    started = Process(redis_url, tmp_path / "live.log")
    yield started
    if started.process.poll() is None:
        started.process.terminate()
        try:
            started.process.wait(10)
        except subprocess.TimeoutExpired:
            started.process.kill()
            started.process.wait()


async def test_a_signal_reaches_an_open_browser(live: Process, redis: Redis) -> None:
    await redis.hset(WEEK.part("state"), "version", 41)
    own_page = f"http://127.0.0.1:{live.port + 1}"
    stream = await Stream.open(live.port, WEEK, origin=own_page)
    assert stream.status == 200
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.headers["x-accel-buffering"] == "no"
    assert stream.headers["access-control-allow-origin"] == own_page
    assert stream.headers["access-control-allow-credentials"] == "true"
    first = await stream.next()
    assert first is not None
    assert (first.event, first.data) == (WEEK.element_id, "41")
    await tell(redis, {WEEK: 42, RESHARES: 9})
    seen = {
        event.event: event.data for event in (await stream.next(), await stream.next()) if event
    }
    assert seen == {WEEK.element_id: "42", "reshare": "9"}

    again = await Stream.open(live.port, WEEK, since="42.9")
    await redis.hset(WEEK.part("state"), "version", 42)
    assert await again.quiet(0.3)
    await again.close()
    await stream.close()


async def test_a_stop_ends_open_streams_at_once(live: Process) -> None:
    streams = [await Stream.open(live.port, WEEK) for _ in range(20)]
    began = time.monotonic()
    live.process.send_signal(signal.SIGTERM)
    assert [await stream.next() for stream in streams] == [None] * 20
    assert await asyncio.to_thread(live.process.wait, 10) == 0
    assert time.monotonic() - began < 5


async def test_what_is_no_stream_is_refused_and_strangers_get_no_permission(
    live: Process,
) -> None:
    wrong = await Stream.open(live.port, "points:week:tomorrow:all")
    assert wrong.status == 400
    many = await Stream.open(live.port, *(f"points:day:2026-10-{n:02d}:all" for n in range(1, 22)))
    assert many.status == 400
    stranger = await Stream.open(live.port, WEEK, origin="https://evil.example")
    assert "access-control-allow-origin" not in stranger.headers
    for stream in (wrong, many, stranger):
        await stream.close()
