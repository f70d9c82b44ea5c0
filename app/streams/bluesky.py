"""Listening to Bluesky's stream of public records.

Laws: what was heard and how far are committed together, so that a kill, a deployment or a day away loses
nothing and doubles nothing (what is heard again has the same name). One process listens at a time; another
takes over when its session ends. Memory is bounded by what is committed twice a second.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import structlog
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from app.webhooks import DeliveryRow, store
from scoring import Sieve, accounts_on, known_deeds, note_position, position_of

_log = structlog.get_logger(__name__)

NETWORK: Final = "bluesky"
COLLECTIONS: Final = (
    "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost", "app.bsky.graph.follow",
)  # fmt: skip
_LOCK: Final = 0x626C7565  # "blue"
_REWIND_US: Final = 5_000_000  # Jetstream's own advice: a few seconds, told again and known by name
_V2: Final = "network.bsky.jetstream.subscribeEvents"
COMMIT_EVERY_S: Final = 0.5
_ACCOUNTS_EVERY_S: Final = 10.0  # so soon a newly linked account is heard
_MOST_BYTES: Final = 512 * 1024  # of one delivery; the table takes twice that
_MOST_EVENT: Final = 1024 * 1024
_AWAY: Final = (OSError, TimeoutError, WebSocketException)


def address(stream: str, position: int | None) -> str:
    """Where to connect: Jetstream's first version, or its second where the address says so."""
    second = urlsplit(stream).path.endswith(_V2)
    asked = [("collections" if second else "wantedCollections", name) for name in COLLECTIONS]
    if position is not None:
        # Positions of the first version are microseconds, of the second numbers of one server, inclusive.
        asked.append(("cursor", str(position if second else max(position - _REWIND_US, 0))))
    whole = stream if second else f"{stream.rstrip('/')}/subscribe"
    return f"{whole}?{urlencode(asked)}"


@dataclass(slots=True)
class _Heap:
    """What was heard since the last commit."""

    events: list[bytes] = field(default_factory=list)
    undone: dict[str, bytes] = field(default_factory=dict)
    position: int | None = None


@dataclass(slots=True)
class Listener:
    """Listens as long as it runs; `database` opens a connection of its own."""

    stream: str
    database: Callable[[], Awaitable[Any]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    events: int = 0  # heard by this process
    kept: int = 0  # of them, about people of ours

    async def run(self, ending: asyncio.Event) -> None:
        """Listen until told to end, whatever happens to the network and to PostgreSQL."""
        pause_s = 1.0
        while not ending.is_set():
            began = time.monotonic()
            try:
                await self._session(ending)
            except Exception as trouble:  # noqa: BLE001 - one bad session must not end listening
                _log.warning(
                    "stream_away", stream=self.stream, why=f"{type(trouble).__name__}: {trouble}"
                )
            # Whoever listened for a while was well; who fails at once waits longer and longer.
            pause_s = 1.0 if time.monotonic() - began > 60 else min(pause_s * 2, 60.0)
            try:
                await asyncio.wait_for(ending.wait(), pause_s)
            except TimeoutError:
                continue

    async def _session(self, ending: asyncio.Event) -> None:
        connection = await self.database()
        try:
            if not await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK):
                return
            ours = await accounts_on(connection, NETWORK, self.now())
            if not ours:
                return
            position = await position_of(connection, self.stream)
            async with connect(
                address(self.stream, position),
                max_size=_MOST_EVENT,
                max_queue=1024,
                compression=None,
            ) as socket:
                _log.info("stream_heard", stream=self.stream, accounts=len(ours), since=position)
                await self._listen(socket, connection, ours, ending)
        finally:
            await connection.close()

    async def _listen(
        self, socket: Any, connection: Any, ours: frozenset[str], ending: asyncio.Event
    ) -> None:
        sieve, heap = Sieve(ours), _Heap()
        asked_at = committed_at = time.monotonic()
        while not ending.is_set():
            try:
                async with asyncio.timeout(COMMIT_EVERY_S):
                    while time.monotonic() - committed_at < COMMIT_EVERY_S:
                        self._hear(await socket.recv(decode=False), sieve, heap)
            except TimeoutError:
                pass
            await self._commit(connection, heap)
            heap, committed_at = _Heap(), time.monotonic()
            if committed_at - asked_at > _ACCOUNTS_EVERY_S:
                asked_at = committed_at
                sieve = Sieve(await accounts_on(connection, NETWORK, self.now()))
        await self._commit(connection, heap)

    def _hear(self, event: bytes, sieve: Sieve, heap: _Heap) -> None:
        self.events += 1
        heard = sieve.heard(event)
        if heard is None:
            return
        heap.position = max(heap.position or 0, heard.position)
        if heard.matters:
            heap.events.append(event)
        elif heard.undoes is not None:
            heap.undone[heard.undoes] = event

    async def _commit(self, connection: Any, heap: _Heap) -> None:
        if heap.position is None:
            return
        now = self.now()
        async with connection.transaction():
            known = await known_deeds(connection, NETWORK, heap.undone) if heap.undone else ()
            events = [*heap.events, *(heap.undone[name] for name in known)]
            self.kept += len(events)
            rows = [
                DeliveryRow.of(NETWORK, hashlib.sha256(body).hexdigest(), {}, body, now, "stream")
                for body in _bodies(events)
            ]
            if rows:
                await store(connection, rows)
            await note_position(connection, self.stream, heap.position, now)


def _bodies(events: list[bytes]) -> list[bytes]:
    """The events as lists, none of them larger than a delivery may be."""
    lists: list[list[bytes]] = [[]]
    size = 0
    for event in events:
        if lists[-1] and size + len(event) > _MOST_BYTES:
            lists.append([])
            size = 0
        lists[-1].append(event)
        size += len(event) + 1
    return [b"[" + b",".join(one) + b"]" for one in lists if one]
