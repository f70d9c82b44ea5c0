"""A Jetstream for the demo: Bluesky's stream of public records, served on this machine.

Law: it speaks as the real one does (version 1: `/subscribe`, `wantedCollections`, `cursor` in microseconds),
so that the listener cannot tell it from one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from errno import EADDRINUSE
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

_KEPT: Final = 20_000  # events; the real one keeps days of them


class Jetstream:
    """Holds what happened lately and tells it to whoever listens."""

    def __init__(self) -> None:
        self._events: deque[tuple[int, str, bytes]] = deque(maxlen=_KEPT)
        self._last_us = 0
        self._told = asyncio.Event()
        self.address = ""

    @classmethod
    @asynccontextmanager
    async def served(cls, port: int = 0) -> AsyncIterator[Self]:
        """One on this machine, at `address`: on that port where it is free, else on another.

        Who listened knows a stream by its address; the same one again is gone on with.
        """
        stream = cls()
        async with await stream._served(port) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            stream.address = f"ws://127.0.0.1:{port}"
            yield stream

    async def _served(self, port: int) -> Server:
        """A server on that port, or on any other where somebody has it, be it as a caller."""
        try:
            return await serve(self._follow, "127.0.0.1", port, compression=None)
        except OSError as taken:
            if taken.errno != EADDRINUSE:
                raise
            return await serve(self._follow, "127.0.0.1", 0, compression=None)

    def tell(self, body: bytes) -> None:
        """Tell events, a JSON list of them; each gets the stream's own, rising position."""
        for event in msgspec.json.decode(body):
            self._last_us = event["time_us"] = max(event["time_us"], self._last_us + 1)
            collection = event.get("commit", {}).get("collection", "")
            self._events.append((self._last_us, collection, msgspec.json.encode(event)))
        woken, self._told = self._told, asyncio.Event()
        woken.set()

    async def _follow(self, socket: ServerConnection) -> None:
        asked = parse_qs(urlsplit(socket.request.path if socket.request else "").query)
        wanted = frozenset(asked.get("wantedCollections", ()))
        position = int(asked["cursor"][0]) if "cursor" in asked else self._last_us
        try:
            while True:
                told = self._told
                for event in self._after(position, wanted):
                    await socket.send(event[2], text=True)
                position = self._last_us
                gone = asyncio.ensure_future(socket.wait_closed())
                news = asyncio.ensure_future(told.wait())
                await asyncio.wait((gone, news), return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
                if gone.done():
                    return
                gone.cancel()
        except ConnectionClosed:
            return

    def _after(self, position: int, wanted: frozenset[str]) -> list[tuple[Any, ...]]:
        # What concerns accounts as a whole has no collection, and everybody is told of it.
        return [event for event in self._events
                if event[0] > position and (not wanted or not event[1] or event[1] in wanted)]  # fmt: skip
