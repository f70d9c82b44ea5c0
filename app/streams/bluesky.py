"""Listening to a Bluesky stream of public records: a Jetstream, or a server's own.

Laws: one process listens to a stream at a time; another takes over when its session ends. Whatever happens to
the network and to PostgreSQL, listening goes on, from where the last commit was.
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

from app.ending import ended
from app.going_out import Outside
from app.streams.addresses import Stream
from app.streams.closing import closed
from app.streams.gathering import Line
from app.streams.heap import NETWORK
from app.streams.positions import refusal_in
from app.streams.renaming import Renaming
from app.streams.rereading import Rereading
from app.streams.taking_in import TakingIn
from scoring import Hearing, Secrets, accounts_on, position_of

_log = structlog.get_logger(__name__)

_LOCK: Final = 0x626C7565  # "blue", and beside it a number of the stream
_LOOK_EVERY_S: Final = 10.0  # so soon a newly linked account is heard
_WAIT_S: Final = 5.0  # for an account, or for another process to end
_MOST_MESSAGE: Final = 8 * 1024 * 1024  # a server's frame may have 5 MB
_MOST_MESSAGES: Final = 64  # that wait to be heard; usually they are half a kilobyte
_CLOSES_S: Final = 1.0  # for the other side to say good-bye; there may be twenty of them


@dataclass(slots=True)
class Listener:
    """Listens as long as it runs; `database` opens a connection of its own."""

    stream: Stream
    database: Callable[[], Awaitable[Any]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    look_every_s: float = _LOOK_EVERY_S
    outside: Outside | None = None  # to ask for what a stream left out, and whose a handle is
    secrets: Secrets = Secrets()
    _renaming: Renaming = field(init=False)
    _taking_in: TakingIn = field(init=False)

    def __post_init__(self) -> None:
        self._renaming = Renaming(self.database, self.outside, self.secrets)
        rereading = Rereading(self.stream.base, self.outside)
        self._taking_in = TakingIn(
            self.stream, self.now, self.look_every_s, rereading, self._renaming
        )

    @property
    def events(self) -> int:
        """How many were heard by this process."""
        return self._taking_in.events

    @property
    def kept(self) -> int:
        """How many of them are about people of ours."""
        return self._taking_in.kept

    async def run(self, ending: asyncio.Event) -> None:
        """Listen until told to end, whatever happens to the network and to PostgreSQL."""
        renaming = asyncio.create_task(self._renaming.run())
        try:
            await self._sessions(ending)
        finally:
            await ended([renaming])

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
            self._taking_in.forget()
            try:
                return await self._listen(connection, ending)
            except Exception as trouble:
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await self._taking_in.note(connection, Hearing.AWAY, _words(trouble))
                raise
        finally:
            await closed(connection)

    async def _listen(self, connection: Any, ending: asyncio.Event) -> float:
        ours = await accounts_on(connection, NETWORK, self.now())
        if not ours:
            words = "nobody has linked an account yet"
            await self._taking_in.note(connection, Hearing.WAITING, words)
            return _WAIT_S
        position = self._taking_in.again
        if position is None:
            position = await position_of(connection, self.stream.name)
        async with AsyncExitStack() as sockets:
            try:
                lines = [
                    await self._connected(sockets, position, dids)
                    for dids in self.stream.asked(ours)
                ]
            except InvalidStatus as answer:
                pause_s = await self._taking_in.begun_anew(connection, refusal_in(answer))
                if pause_s is None:
                    raise
                return pause_s
            await self._taking_in.begin(connection, position, len(ours), len(lines))
            return await self._taking_in.hear(connection, lines, ours, ending)

    async def _connected(
        self, sockets: AsyncExitStack, position: int | None, dids: tuple[str, ...]
    ) -> Line:
        socket = await sockets.enter_async_context(
            connect(
                self.stream.url(position, dids),
                max_size=_MOST_MESSAGE,
                max_queue=_MOST_MESSAGES,
                close_timeout=_CLOSES_S,
                compression=None,
            )
        )
        if (hello := self.stream.hello(dids)) is not None:
            await socket.send(hello)
        return Line(socket, position)


def _words(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"
