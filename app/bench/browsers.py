"""Many open browsers on the live process, as one child process: plain sockets that hear signals.

Some of them do what the page does on a signal: wait a random moment, then fetch the changed rows.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import sys
import time
from typing import Final

import msgspec
import uvloop

from app.bench.caller import whole
from app.bench.signed import request
from app.pages.live import LATEST_MS, SOONEST_MS

_PATIENCE_S: Final = 20.0
_PAUSE_S: Final = 1.2  # between two changes: a board is signalled once a second
_ETAG: Final = re.compile(rb'\r\netag: (".*?")\r\n', re.IGNORECASE)


class Job(msgspec.Struct):
    """Streams to hold open, deliveries to send one after the other, rows to fetch on a signal."""

    live_port: int
    web_port: int
    stream: str  # path and query of the stream
    event: str  # its name
    block: str  # path of the rows
    key: dict[str, str]  # headers for the rows
    streams: int
    fetching: int  # how many of them fetch
    deliveries: list[bytes]
    pid: int  # the live process, whose memory is looked at


class Seen(msgspec.Struct):
    """Seconds from sending a delivery to the signal, and to the changed rows; what a stream costs."""

    signalled_s: list[float] = []
    changed_s: list[float] = []
    missed: int = 0
    kibibytes: float = 0.0


class _Stream(asyncio.Protocol):
    """One open stream."""

    def __init__(self, event: bytes) -> None:
        self._event = event
        self._last = b""
        self.heard = asyncio.Event()
        self.heard_at = 0.0

    def data_received(self, data: bytes) -> None:
        # A frame may come in two parts.
        if self._event in self._last + data:
            self.heard_at = time.perf_counter()
            self.heard.set()
            self._last = b""
        else:
            self._last = data[-200:]


async def _run(job: Job) -> Seen:
    loop, seen = asyncio.get_running_loop(), Seen()
    event = f"event: {job.event}\n".encode()
    before = _memory(job.pid)
    streams: list[_Stream] = []
    for _ in range(job.streams):
        transport, stream = await loop.create_connection(
            lambda: _Stream(event), "127.0.0.1", job.live_port
        )
        transport.write(request("GET", job.stream, headers={"accept": "text/event-stream"}))
        streams.append(stream)
    # Each is told at once how its board stands.
    await asyncio.wait_for(asyncio.gather(*(one.heard.wait() for one in streams)), _PATIENCE_S)
    await asyncio.sleep(_PAUSE_S)
    seen.kibibytes = (_memory(job.pid) - before) / job.streams
    etag = await _etag(job)
    for delivery in job.deliveries:
        etag = await _one(job, streams, delivery, etag, seen)
        await asyncio.sleep(_PAUSE_S)
    return seen


async def _one(job: Job, streams: list[_Stream], delivery: bytes, etag: bytes, seen: Seen) -> bytes:
    """Send a delivery and wait until everybody heard and those who fetch saw it; the new ETag."""
    for stream in streams:
        stream.heard.clear()
    sent_at = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", job.web_port)
    writer.write(delivery)
    if await _answer(reader) >= b"300":
        raise RuntimeError("a delivery was not accepted")
    writer.close()
    waiting = [asyncio.create_task(one.heard.wait()) for one in streams]
    fetching = [
        asyncio.create_task(_changed(job, one, etag, sent_at)) for one in streams[: job.fetching]
    ]
    _, late = await asyncio.wait(waiting, timeout=_PATIENCE_S)
    seen.missed += len(late)
    for task in late:
        task.cancel()
    seen.signalled_s += [one.heard_at - sent_at for one in streams if one.heard.is_set()]
    seen.changed_s += [took for took in await asyncio.gather(*fetching) if took is not None]
    return await _etag(job)


async def _changed(job: Job, stream: _Stream, old: bytes, sent_at: float) -> float | None:
    """Fetch the rows after the signal, until they are others; the seconds since the delivery."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_S):
            await stream.heard.wait()
            while True:
                await asyncio.sleep(random.randint(SOONEST_MS, LATEST_MS) / 1000)
                if await _etag(job) != old:
                    return time.perf_counter() - sent_at
    return None


async def _etag(job: Job) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", job.web_port)
    writer.write(request("GET", job.block, headers=job.key))
    found = _ETAG.search(await _whole(reader))
    writer.close()
    if found is None:
        raise RuntimeError("the rows were not given")
    return found[1]


async def _answer(reader: asyncio.StreamReader) -> bytes:
    return (await _whole(reader))[9:12]


async def _whole(reader: asyncio.StreamReader) -> bytes:
    got = b""
    while not whole(got):
        part = await asyncio.wait_for(reader.read(65536), _PATIENCE_S)
        if not part:
            break
        got += part
    return got


def _memory(pid: int) -> float:
    import psutil

    from app.bench.processes import kibibytes

    return kibibytes(psutil.Process(pid))


def main() -> None:
    """A job on standard input, what was seen on standard output."""
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    sys.stdout.buffer.write(msgspec.msgpack.encode(uvloop.run(_run(job))))
