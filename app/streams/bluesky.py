"""Listening to a Bluesky stream of public records: a Jetstream, or a server's own.

Laws: what was heard and how far are committed together, so that a kill, a deployment or a day away loses
nothing and doubles nothing (what is heard again has the same name). One process listens to a stream at a
time; another takes over when its session ends. Memory is bounded by what is committed twice a second. What a
server does not tell any more is counted as a gap, never passed over in silence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from app.going_out import Outside
from app.streams.addresses import Speaks, Stream
from app.streams.heap import NETWORK, Heap
from app.streams.renaming import Renaming
from app.streams.rereading import Rereading
from scoring import (
    Hearing,
    Secrets,
    Sieve,
    StreamSeen,
    accounts_on,
    begin_anew,
    deeds_of,
    heard_last,
    note_hearing,
    note_position,
    position_of,
    read_frame,
)

_log = structlog.get_logger(__name__)

_LOCK: Final = 0x626C7565  # "blue", and beside it a number of the stream
COMMIT_EVERY_S: Final = 0.5
_LOOK_EVERY_S: Final = 10.0  # so soon a newly linked account is heard
_MOST_REREAD: Final = (
    200  # repositories asked for at once; a stream waits no longer than some minutes
)
_NOTE_EVERY_S: Final = 60.0  # that we still listen, where nothing comes
_WAIT_S: Final = 5.0  # for an account, or for another process to end
_MOST_MESSAGE: Final = 8 * 1024 * 1024  # a server's frame may have 5 MB
_LOOK_BACK: Final = timedelta(
    hours=36
)  # a Jetstream tells no more; its first version says nothing of it


class Refused(Exception):
    """The server ends the stream; the message is its name for why."""


@dataclass(slots=True)
class _Ear:
    """One connection, and how far it was heard; None before a stream without a past told anything."""

    socket: ClientConnection
    position: int | None


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
    _heap: Heap = field(default_factory=Heap)
    _gaps: int = 0  # not noted yet
    _again: int | None = None  # where to go on instead of where the last commit was
    _noted_at: float = 0.0
    _room: asyncio.Event = field(default_factory=asyncio.Event)
    _rereading: Rereading = field(init=False)
    _renaming: Renaming = field(init=False)

    def __post_init__(self) -> None:
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
            self._heap = Heap()
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
                ears = [
                    await self._connected(sockets, position, dids)
                    for dids in self.stream.asked(ours)
                ]
            except InvalidStatus as answer:
                if not await self._begun_anew(connection, _named_by(answer)):
                    raise
                return 0.0
            self._again = None
            await self._begin(connection, position, len(ours), len(ears))
            return await self._heard(connection, ears, ours, ending)

    async def _connected(
        self, sockets: AsyncExitStack, position: int | None, dids: tuple[str, ...]
    ) -> _Ear:
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
        return _Ear(socket, position)

    async def _begin(
        self, connection: Any, position: int | None, accounts: int, connections: int
    ) -> None:
        now = self.now()
        if self.stream.speaks is Speaks.SERVER and position is None:
            # Should we die before it tells anything, we go on at its beginning, not at its end.
            await note_position(connection, self.stream.name, 0, now)
        if self.stream.speaks is Speaks.JETSTREAM and position is not None:
            told_at = datetime.fromtimestamp(position / 1_000_000, UTC)
            at = await heard_last(connection, self.stream.name)
            self._gaps += self._missed(told_at if at is None else at, told_at)
        words = f"{accounts:,} accounts, {connections} connections"
        await self._note(connection, Hearing.HEARD, words)
        _log.info("stream_heard", stream=self.stream.name, since=position, accounts=accounts)

    async def _heard(
        self, connection: Any, ears: list[_Ear], ours: frozenset[str], ending: asyncio.Event
    ) -> float:
        sieve = Sieve(ours)
        looked_at, before = time.monotonic(), _least(ear.position for ear in ears)
        hearing: list[asyncio.Task[None]] = []
        try:
            hearing = [asyncio.create_task(self._hear(ear, sieve)) for ear in ears]
            while not ending.is_set():
                await asyncio.wait(
                    hearing, timeout=COMMIT_EVERY_S, return_when=asyncio.FIRST_COMPLETED
                )
                await self._commit(connection, ears)
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
                    looked_at, before = time.monotonic(), _least(ear.position for ear in ears)
        finally:
            for task in hearing:
                task.cancel()
            await asyncio.gather(*hearing, return_exceptions=True)
        await self._commit(connection, ears)
        return 0.0

    async def _hear(self, ear: _Ear, sieve: Sieve) -> None:
        """Hear one connection until it ends, which is an error."""
        frames = self.stream.speaks is Speaks.SERVER
        while True:
            if self._heap.full:
                self._room.clear()
                await self._room.wait()
            message = await ear.socket.recv(decode=False)
            if frames:
                self._hear_frame(message, ear, sieve)
            else:
                self._hear_event(message, ear, sieve)

    def _hear_event(self, event: bytes, ear: _Ear, sieve: Sieve) -> None:
        heard = sieve.heard(event)
        if heard is None:
            return
        if heard.refused is not None:
            raise Refused(heard.refused)
        if heard.position:
            ear.position = max(ear.position or 0, heard.position)
            self._heap.add(event, heard)
        elif heard.informed is not None:
            self._informed(heard.informed)

    def _hear_frame(self, message: bytes, ear: _Ear, sieve: Sieve) -> None:
        frame = read_frame(message)
        if frame.refused is not None:
            raise Refused(frame.refused)
        if frame.informed is not None:
            self._informed(frame.informed, sieve.dids)
        if frame.unreadable is not None:
            _log.warning("stream_unreadable", stream=self.stream.name, why=frame.unreadable)
        if frame.position is not None:
            ear.position = max(ear.position or 0, frame.position)
        for event in frame.events:
            if (heard := sieve.heard(event)) is not None:
                self._heap.add(event, heard)
        if frame.untold is not None and frame.untold in sieve.dids:
            self._heap.untold.add(frame.untold)

    def _informed(self, name: str, ours: frozenset[str] = frozenset()) -> None:
        _log.warning("stream_says", stream=self.stream.name, name=name)
        if name == "OutdatedCursor":
            self._gaps += 1
            # What ours did is asked for; what others did to them meanwhile nobody tells.
            self._heap.untold.update(sorted(ours)[:_MOST_REREAD])

    async def _commit(self, connection: Any, ears: list[_Ear]) -> None:
        heap, self._heap = self._heap, Heap()
        # Before anything is waited for: what is heard meanwhile belongs to the next batch.
        position = _least(ear.position for ear in ears)
        self._room.set()
        if heap.untold:
            await self._reread(connection, heap)
        now = self.now()
        self.events += heap.heard
        async with connection.transaction():
            kept = await heap.commit(connection, self.stream.name, position, now)
            self.kept += kept
            quiet = time.monotonic() - self._noted_at > _NOTE_EVERY_S
            if heap.heard or self._gaps or quiet:
                await self._note(connection, Hearing.HEARD, "", heard=heap.heard, kept=kept)
        self._renaming.told(heap.renamed)

    async def _reread(self, connection: Any, heap: Heap) -> None:
        """Ask for what the stream left out of repositories of ours, into the same batch."""
        known = await deeds_of(connection, NETWORK, heap.untold)
        for did in sorted(heap.untold):
            events = await self._rereading.events(did, known.get(did, ()))
            if events is None:
                self._gaps += 1
            else:
                heap.reread += events

    def _missed(self, at: datetime, told_at: datetime) -> bool:
        """Whether a Jetstream keeps less than we were away: since it told something last, or, where it tells
        of our own accounts alone, which do nothing for weeks, since we listened last."""
        return self.now() - (at if self.stream.only_ours else told_at) > _LOOK_BACK

    async def _begun_anew(self, connection: Any, name: str) -> bool:
        """Whether a refusal says that our position is none, and listening begins where it can."""
        at = await heard_last(connection, self.stream.name)
        if at is None:
            return False
        if name == "FutureCursor":
            # The server's numbers began anew, as after a restored backup: all of it, known by name.
            await begin_anew(connection, self.stream.name, 0, at)
        elif name == "CursorTooOld":
            # By the time instead, which is cut to what the server still has.
            self._again = int(at.timestamp() * 1_000_000)
            await begin_anew(connection, self.stream.name, 0, at)
            if self.stream.only_ours and not self._missed(at, at):
                return True  # its cursor is old because nothing was told
        else:
            return False
        self._gaps += 1
        _log.warning("stream_begun_anew", stream=self.stream.name, why=name)
        return True

    async def _note(
        self, connection: Any, state: Hearing, words: str, *, heard: int = 0, kept: int = 0
    ) -> None:
        now, gaps = self.now(), self._gaps
        seen = StreamSeen(self.stream.name, NETWORK, state, words, now, now, heard, kept, gaps)
        await note_hearing(connection, seen)
        self._gaps -= gaps  # once they are written down
        self._noted_at = time.monotonic()


def _least(positions: Iterable[int | None]) -> int | None:
    """How far all connections were heard; one that has told nothing yet was silent since we came."""
    return min((position for position in positions if position is not None), default=None)


def _named_by(answer: InvalidStatus) -> str:
    """The name of the error in an answer to a connection."""
    body = answer.response.body or b""
    return next((name for name in ("CursorTooOld", "FutureCursor") if name.encode() in body), "")


def _words(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"
