"""Many team screens on the live and the web process, as one child process, and a leader's phone.

Each does what screen.js does: one open stream; on a signal a random short moment, then the picture,
asked for with the tag of the one it shows. The leader announces, then goes on step by step.
"""

from __future__ import annotations

import asyncio
import random
import re
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import asyncpg
import msgspec
import uvloop
from redis.asyncio import Redis

from app.bench.caller import whole
from app.bench.signed import request
from app.live.screens import SCREENS
from app.live.topics import signal
from rewards import Announcement, plan_announcement, take_step

# As screen.js spreads them after a signal that is for all screens.
SOONEST_S: Final = 0.120
LATEST_S: Final = 0.370
_PATIENCE_S: Final = 20.0
_AT_ONCE: Final = (
    100  # streams that are opened together, as televisions are not switched on together
)
_PAUSE_S: Final = 2.0  # between two steps: longer than the hub's spacing, shorter than any leader's
_KEY: Final = re.compile(rb'data-key="([^"]+)"')
_TAG: Final = re.compile(rb'\r\netag: (".*?")\r\n', re.IGNORECASE)


class Job(msgspec.Struct):
    """Screens to be, and the contest to be announced."""

    database_url: str
    redis_url: str
    live_port: int
    web_port: int
    screens: dict[str, str]  # key → the address of its stream
    contest: int
    leader: int
    steps: int  # to take after the announcement


class Seen(msgspec.Struct):
    """Of every moment, the announcement and each step: seconds until each screen showed it."""

    shown_s: list[list[float]] = []
    missed: int = 0


class _Stream(asyncio.Protocol):
    """The open stream of a screen: sets `heard` at every signal that is for screens."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()
        self.opened = asyncio.Event()
        self._last = b""

    def data_received(self, data: bytes) -> None:
        self.opened.set()
        # A frame may come in two parts.
        if b"event: screen" in self._last + data:
            self._last = b""
            self.heard.set()
        else:
            self._last = data[-20:]


class _Television:
    """One screen: its stream, the connection it asks on, what it shows since when."""

    def __init__(self, job: Job, key: str) -> None:
        self._job = job
        self._key = key
        self._tag = ""
        self._stream = _Stream()
        self.shows = ""
        self.since = 0.0
        self.changed = asyncio.Event()

    async def switch_on(self) -> None:
        """Listen, and show the first picture."""
        transport, self._stream = await asyncio.get_running_loop().create_connection(
            _Stream, "127.0.0.1", self._job.live_port
        )
        accept = {"accept": "text/event-stream"}
        transport.write(request("GET", self._job.screens[self._key], headers=accept))
        await asyncio.wait_for(self._stream.opened.wait(), _PATIENCE_S)
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._job.web_port)
        await self._look()

    async def go_on(self) -> None:
        """Look at every signal, for ever."""
        while True:
            await self._stream.heard.wait()
            self._stream.heard.clear()
            await asyncio.sleep(random.uniform(SOONEST_S, LATEST_S))
            await self._look()

    async def showing(self, key: str) -> float:
        """When it began to show this picture."""
        while self.shows != key:
            self.changed.clear()
            await self.changed.wait()
        return self.since

    async def _look(self) -> None:
        path = f"/screens/{self._key}/now?shown={self.shows}&onward=0&page=bench&w=1920&h=1080"
        known = {"if-none-match": self._tag} if self._tag else {}
        self._writer.write(request("GET", path, headers=known))
        answer = b""
        while not whole(answer):
            part = await asyncio.wait_for(self._reader.read(65536), _PATIENCE_S)
            if not part:
                raise RuntimeError("the web process hung up on a screen")
            answer += part
        if answer[9:12] == b"304":
            return
        key, tag = _KEY.search(answer), _TAG.search(answer)
        if answer[9:12] != b"200" or key is None or tag is None:
            raise RuntimeError(f"a screen got no picture: {answer[:200]!r}")
        self._tag = tag[1].decode()
        if key[1].decode() != self.shows:
            self.shows, self.since = key[1].decode(), time.perf_counter()
            self.changed.set()


async def _run(job: Job) -> Seen:
    televisions = [_Television(job, key) for key in job.screens]
    for at in range(0, len(televisions), _AT_ONCE):
        await asyncio.gather(*(one.switch_on() for one in televisions[at : at + _AT_ONCE]))
    async with asyncio.TaskGroup() as all_of_them, Redis.from_url(job.redis_url) as redis:
        on = [all_of_them.create_task(one.go_on()) for one in televisions]
        try:
            seen = await _announced(job, televisions, redis)
        finally:
            for task in on:
                task.cancel()
    return seen


async def _announced(job: Job, televisions: list[_Television], redis: Redis) -> Seen:
    """Announce and go on; note when which screen shows what."""
    seen = Seen()
    connection = await asyncpg.connect(job.database_url)
    try:
        announced = await _moment(televisions, redis, seen, partial(_announce, connection, job))
        for step in range(1, job.steps + 1):
            go_on = partial(take_step, connection, announced.id, to=step, by=job.leader)
            await _moment(televisions, redis, seen, go_on)
    finally:
        await connection.close()
    return seen


async def _announce(connection: Any, job: Job, *, now: datetime) -> Announcement:
    return await plan_announcement(
        connection, job.contest, by=job.leader, line="Well done", manner="stepped",
        starts_at=None, now=now,
    )  # fmt: skip


async def _moment(
    televisions: list[_Television],
    redis: Redis,
    seen: Seen,
    decide: Callable[..., Awaitable[Announcement]],
) -> Announcement:
    """Something the leader decides, until every screen shows it."""
    await asyncio.sleep(_PAUSE_S)
    began, now = time.perf_counter(), datetime.now(UTC)
    announced = await decide(now=now)
    await signal(redis, [SCREENS], now)
    step = announced.position(now).step
    assert step is not None, "the leader's next step is on from the moment on in which it is taken"
    key = f"reveal-{announced.id}-{step + 1}"
    waiting = [asyncio.create_task(one.showing(key)) for one in televisions]
    done, late = await asyncio.wait(waiting, timeout=_PATIENCE_S)
    for task in late:
        task.cancel()
    seen.missed += len(late)
    seen.shown_s.append([task.result() - began for task in done])
    return announced


def main() -> None:
    """A job on standard input, what was seen on standard output."""
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # two connections a screen
    sys.stdout.buffer.write(msgspec.msgpack.encode(uvloop.run(_run(job))))
