"""Many clients of the web process, as one child process: plain sockets, HTTP/1.1, kept open.

Requests are put together and signed before the clock starts, so that what is measured is the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections import deque
from functools import partial
from typing import Final, cast

import msgspec
import uvloop

_WARM_UP_S: Final = 0.5
_OPEN_LOOP_TICK_S: Final = 0.001
_LEFT_OVER_S: Final = 5.0  # for answers that still come after the last request


class Job(msgspec.Struct):
    """What to send. With a `rate` a second: at its moments, whether or not answers come (open loop).

    Without: each connection sends as soon as it was answered (closed loop).
    """

    port: int
    requests: list[bytes]  # one after the other, from the beginning again only if `again`
    connections: int
    seconds: float
    rate: float = 0
    again: bool = False


class Called(msgspec.Struct):
    """What came back: answers after the warm-up, and what each took since it was due."""

    answered: int
    failed: int  # not a 2xx or 3xx
    seconds: float
    took_s: list[float]

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return (self.answered - self.failed) / self.seconds


class _Clients:
    """All connections of a job."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._next = 0
        self._idle: deque[_Client] = deque()
        self._due: deque[float] = deque()
        self._counts_from = 0.0
        self._until = 0.0
        self._ended_at = 0.0
        self._all_answered = asyncio.Event()
        self.called = Called(0, 0, 0.0, [])

    async def run(self) -> Called:
        loop = asyncio.get_running_loop()
        clients = [_Client(self) for _ in range(self._job.connections)]
        for client in clients:
            await loop.create_connection(partial(_itself, client), "127.0.0.1", self._job.port)
        begin = time.perf_counter()
        self._counts_from = begin + _WARM_UP_S
        self._until = self._counts_from + self._job.seconds
        self._idle.extend(clients)
        if self._job.rate:
            await self._at_their_moments(begin)
        else:
            for client in clients:
                self._again(client)
            await asyncio.sleep(self._until - time.perf_counter())
        # An open loop that was not kept up with counts the time until the last answer.
        end = max(self._until, self._ended_at) if self._job.rate else self._until
        self.called.seconds = end - self._counts_from
        return self.called

    async def _at_their_moments(self, begin: float) -> None:
        sent = 0
        while (now := time.perf_counter()) < self._until:
            due = int((now - begin) * self._job.rate)
            for n in range(sent, due):
                self._due.append(begin + n / self._job.rate)
            sent = due
            while self._due and self._idle:
                self._send(self._idle.popleft(), self._due.popleft())
            await asyncio.sleep(_OPEN_LOOP_TICK_S)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._all_answered.wait(), _LEFT_OVER_S)

    def _again(self, client: _Client) -> None:
        now = time.perf_counter()
        if now < self._until:
            self._send(client, now)

    def _send(self, client: _Client, due_at: float) -> None:
        if self._next == len(self._job.requests):
            if not self._job.again:
                raise RuntimeError("more requests were answered than were prepared")
            self._next = 0
        client.ask(self._job.requests[self._next], due_at)
        self._next += 1

    def answered(self, client: _Client, due_at: float, status: int) -> None:
        now = time.perf_counter()
        if now >= self._counts_from and (self._job.rate or now < self._until):
            self._ended_at = now
            self.called.answered += 1
            self.called.failed += not 200 <= status < 400
            self.called.took_s.append(now - due_at)
        if not self._job.rate:
            self._again(client)
        elif self._due:
            self._send(client, self._due.popleft())
        else:
            self._idle.append(client)
            if len(self._idle) == self._job.connections and time.perf_counter() >= self._until:
                self._all_answered.set()


class _Client(asyncio.Protocol):
    """One connection: one request, one answer, the next request."""

    def __init__(self, clients: _Clients) -> None:
        self._clients = clients
        self._got = b""
        self._due_at = 0.0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's says nothing of itself

    def ask(self, request: bytes, due_at: float) -> None:
        assert self._transport is not None
        self._due_at = due_at
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        got = self._got = self._got + data if self._got else data
        status = whole(got)
        if status:
            self._got = b""
            self._clients.answered(self, self._due_at, status)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._transport or not self._transport.is_closing():
            raise ConnectionError("the server hung up")


def _itself(client: _Client) -> _Client:
    return client


def whole(got: bytes) -> int:
    """The status of an answer once all of it is there, else 0."""
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return 0
    status = int(got[9:12])
    if status == 304:
        return status
    head = got[:end].lower()
    place = head.find(b"content-length:")
    length = int(head[place + 15 : place + 25].split(b"\r", 1)[0]) if place >= 0 else 0
    return status if len(got) - end - 4 >= length else 0


def main() -> None:
    """A job on standard input, what came of it on standard output."""
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    sys.stdout.buffer.write(msgspec.msgpack.encode(uvloop.run(_Clients(job).run())))
