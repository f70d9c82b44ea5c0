"""Listening to a Bluesky stream of public records: a Jetstream, or a server's own.

Laws: what was heard and how far are committed together, so that a kill, a deployment or a day away loses
nothing and doubles nothing (what is heard again has the same name). One process listens to a stream at a
time; another takes over when its session ends. Memory is bounded by what is committed twice a second. What a
server does not tell any more is counted as a gap, never passed over in silence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import structlog
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.going_out import Outside
from app.streams.addresses import Stream
from app.streams.gathering import Gathering, Line, Refused
from app.streams.heap import NETWORK, Heap
from app.streams.positions import beginning, begun_anew, least, missed, refusal_in
from app.streams.renaming import Renaming
from app.streams.rereading import Rereading
from scoring import (
    Hearing,
    Secrets,
    Sieve,
    StreamSeen,
    accounts_on,
    deeds_of,
    note_hearing,
    note_position,
    position_of,
)

_log = structlog.get_logger(__name__)

_LOCK: Final = 0x626C7565  # "blue", and beside it a number of the stream
COMMIT_EVERY_S: Final = 0.5
_LOOK_EVERY_S: Final = 10.0  # so soon a newly linked account is heard
_NOTE_EVERY_S: Final = 60.0  # that we still listen, where nothing comes
_WAIT_S: Final = 5.0  # for an account, or for another process to end
_MOST_MESSAGE: Final = 8 * 1024 * 1024  # a server's frame may have 5 MB


@dataclass(slots=True)
class Listener:
    """Listens as long as it runs; `database` opens a connection of its own."""

    stream: Stream
    database: Callable[[], Awaitable[Any]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    look_every_s: float = _LOOK_EVERY_S
    outside: Outside | None = None  # to ask for what a stream left out, and whose a handle is
    secrets: Secrets = Secrets()
    events: int = 0  # heard by this process
    kept: int = 0  # of them, about people of ours
    _beginning: int | None = None  # of a stream that told nothing since it was heard first
    _again: int | None = None  # where to go on instead of where the last commit was
    _noted_at: float = 0.0
    _gathering: Gathering = field(init=False)
    _rereading: Rereading = field(init=False)
    _renaming: Renaming = field(init=False)

    def __post_init__(self) -> None:
        self._gathering = Gathering(self.stream)
        self._rereading = Rereading(self.stream.base, self.outside)
        self._renaming = Renaming(self.database, self.outside, self.secrets)

    async def run(self, ending: asyncio.Event) -> None:
        """Listen until told to end, whatever happens to the network and to PostgreSQL."""
        renaming = asyncio.create_task(self._renaming.run())
        try:
            await self._sessions(ending)
        finally:
            renaming.cancel()
            await asyncio.gather(renaming, return_exceptions=True)

    async def _sessions(self, ending: asyncio.Event) -> None:
        pause_s = 1.0
        while not ending.is_set():
            began = time.monotonic()
            try:
                wait_s = await self._session(ending)
            except Exception as trouble:  # noqa: BLE001 - one bad session must not end listening
                # Whoever listened for a while was well; who fails at once waits longer and longer.
                well = time.monotonic() - began > 60
                pause_s = wait_s = 1.0 if well else min(pause_s * 2, 60.0)
                _log.warning("stream_away", stream=self.stream.name, why=_words(trouble))
            try:
                await asyncio.wait_for(ending.wait(), wait_s)
            except TimeoutError:
                continue

    async def _session(self, ending: asyncio.Event) -> float:
        """Listen until something ends it; how many seconds to wait before the next session."""
        connection = await self.database()
        try:
            if not await connection.fetchval(
                "select pg_try_advisory_lock($1, hashtext($2))", _LOCK, self.stream.name
            ):
                return _WAIT_S  # another process listens
            self._gathering.take()  # what a session before left is told again
            try:
                return await self._listen(connection, ending)
            except Exception as trouble:
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await self._note(connection, Hearing.AWAY, _words(trouble))
                raise
        finally:
            await connection.close()

    async def _listen(self, connection: Any, ending: asyncio.Event) -> float:
        ours = await accounts_on(connection, NETWORK, self.now())
        if not ours:
            await self._note(connection, Hearing.WAITING, "nobody has linked an account yet")
            return _WAIT_S
        position = self._again
        if position is None:
            position = await position_of(connection, self.stream.name)
        async with AsyncExitStack() as sockets:
            try:
                lines = [
                    await self._connected(sockets, position, dids)
                    for dids in self.stream.asked(ours)
                ]
            except InvalidStatus as answer:
                if not await self._begun_anew(connection, refusal_in(answer)):
                    raise
                return 0.0
            self._again = None
            await self._begin(connection, position, len(ours), len(lines))
            return await self._heard(connection, lines, ours, ending)

    async def _connected(
        self, sockets: AsyncExitStack, position: int | None, dids: tuple[str, ...]
    ) -> Line:
        socket = await sockets.enter_async_context(
            connect(
                self.stream.url(position, dids),
                max_size=_MOST_MESSAGE,
                max_queue=1024,
                compression=None,
            )
        )
        if (hello := self.stream.hello(dids)) is not None:
            await socket.send(hello)
        return Line(socket, position)

    async def _begin(
        self, connection: Any, position: int | None, accounts: int, connections: int
    ) -> None:
        now = self.now()
        if position is None:
            self._beginning = beginning(self.stream, now)
            await note_position(connection, self.stream.name, self._beginning, now)
        else:
            self._gathering.gaps += await missed(connection, self.stream, position, now)
        words = f"{accounts:,} accounts, {connections} connections"
        await self._note(connection, Hearing.HEARD, words)
        _log.info("stream_heard", stream=self.stream.name, since=position, accounts=accounts)

    async def _heard(
        self, connection: Any, lines: list[Line], ours: frozenset[str], ending: asyncio.Event
    ) -> float:
        sieve = Sieve(ours)
        looked_at, before = time.monotonic(), least(line.position for line in lines)
        hearing: list[asyncio.Task[None]] = []
        try:
            hearing = [asyncio.create_task(self._gathering.hear(line, sieve)) for line in lines]
            while not ending.is_set():
                await asyncio.wait(
                    hearing, timeout=COMMIT_EVERY_S, return_when=asyncio.FIRST_COMPLETED
                )
                await self._commit(connection, lines)
                for over in (task for task in hearing if task.done()):
                    try:
                        over.result()
                    except Refused as refusal:
                        if not await self._begun_anew(connection, str(refusal)):
                            raise
                        return 0.0
                if time.monotonic() - looked_at > self.look_every_s:
                    now_ours = await accounts_on(connection, NETWORK, self.now())
                    if now_ours != ours:
                        # Heard anew from where we last looked: somebody may have linked right after.
                        self._again = before if now_ours - ours else None
                        return 0.0
                    looked_at, before = time.monotonic(), least(line.position for line in lines)
        finally:
            for task in hearing:
                task.cancel()
            await asyncio.gather(*hearing, return_exceptions=True)
        await self._commit(connection, lines)
        return 0.0

    async def _commit(self, connection: Any, lines: list[Line]) -> None:
        # Both before anything is waited for: what is heard meanwhile belongs to the next batch.
        heap, position = self._gathering.take(), least(line.position for line in lines)
        if position is None:
            position = self._beginning  # nothing was told yet, and we listened until now
        if heap.untold:
            await self._reread(connection, heap)
        now = self.now()
        self.events += heap.heard
        async with connection.transaction():
            kept = await heap.commit(connection, self.stream.name, position, now)
            self.kept += kept
            quiet = time.monotonic() - self._noted_at > _NOTE_EVERY_S
            if heap.heard or self._gathering.gaps or quiet:
                await self._note(connection, Hearing.HEARD, "", heard=heap.heard, kept=kept)
        self._renaming.told(heap.renamed)

    async def _reread(self, connection: Any, heap: Heap) -> None:
        """Ask for what the stream left out of repositories of ours, into the same batch."""
        known = await deeds_of(connection, NETWORK, heap.untold)
        for did in sorted(heap.untold):
            events = await self._rereading.events(did, known.get(did, ()))
            if events is None:
                self._gathering.gaps += 1
            else:
                heap.reread += events

    async def _begun_anew(self, connection: Any, name: str) -> bool:
        """Whether a refusal says that our position is none, and listening begins where it can."""
        begun = await begun_anew(connection, self.stream, name, self.now())
        if begun is None:
            return False
        self._again = begun.again
        self._gathering.gaps += begun.gap
        return True

    async def _note(
        self, connection: Any, state: Hearing, words: str, *, heard: int = 0, kept: int = 0
    ) -> None:
        now, gaps = self.now(), self._gathering.gaps
        seen = StreamSeen(self.stream.name, NETWORK, state, words, now, now, heard, kept, gaps)
        await note_hearing(connection, seen)
        self._gathering.gaps -= gaps  # once they are written down
        self._noted_at = time.monotonic()


def _words(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"
