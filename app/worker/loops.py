"""A loop that does its work over and over, whatever happens to PostgreSQL and Redis.

Law: it ends only when told to, between two rounds; trouble is said once in words, tried again with
growing patience, and its end is said too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import asyncpg
import structlog
from redis.exceptions import RedisError

_log = structlog.get_logger(__name__)

Connection: TypeAlias = asyncpg.Connection
Round = Callable[[Any], Awaitable[int]]

_IDLE_LEAST_S = 0.05
_IDLE_MOST_S = 0.25  # four small questions a second when nothing happens
_TROUBLE_LEAST_S = 0.1
_TROUBLE_MOST_S = 5.0  # longer, and people wait after the database is back
_CLOSE_TIMEOUT_S = 2.0

# PostgreSQL or Redis away, restarting, overloaded, or two workers in each other's way.
# asyncpg calls a session that the server has just ended an internal error of its client.
PASSING = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    RedisError,
)


@dataclass(slots=True)
class Loop:
    """One loop with a connection of its own. `round` does some work and says how much (0: none)."""

    name: str  # as logs say it: "publish"
    connect: Callable[[], Awaitable[Any]]
    round: Round
    idle_most_s: float = _IDLE_MOST_S
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _ending: bool = False
    _troubles: int = 0

    def wake(self) -> None:
        """There is something to do: do not wait."""
        self._wake.set()

    def end(self) -> None:
        """End after the round that is under way."""
        self._ending = True
        self._wake.set()

    async def run(self) -> None:
        """Work until `end`."""
        connection = None
        idle_s = _IDLE_LEAST_S
        try:
            while not self._ending:
                try:
                    connection = connection or await self.connect()
                    done = await self.round(connection)
                except Exception as trouble:  # noqa: BLE001 - one bad round must not end the loop
                    await _drop(connection)
                    connection = None
                    await self._wait(self._patience(trouble))
                    continue
                self._relieved()
                idle_s = _IDLE_LEAST_S if done else min(idle_s * 2, self.idle_most_s)
                await self._wait(0 if done else idle_s)
        finally:
            await _drop(connection)

    async def _wait(self, seconds: float) -> None:
        if seconds == 0:
            await asyncio.sleep(0)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
        if not self._ending:
            self._wake.clear()

    def _patience(self, trouble: Exception) -> float:
        """Say what is wrong, the first time; how long to wait before the next try."""
        self._troubles += 1
        if not isinstance(trouble, PASSING):
            _log.error("loop_failed", loop=self.name, times=self._troubles, exc_info=trouble)
        elif self._troubles == 1:
            said = f"{type(trouble).__name__}: {trouble}"
            _log.warning("loop_waits", loop=self.name, why=said)
        return float(min(_TROUBLE_LEAST_S * 2 ** min(self._troubles, 10), _TROUBLE_MOST_S))

    def _relieved(self) -> None:
        if self._troubles:
            _log.info("loop_goes_on", loop=self.name, tries=self._troubles)
            self._troubles = 0


async def _drop(connection: Any) -> None:
    """Close a connection, whatever state it is in: locks and transactions end with it."""
    if connection is None:
        return
    try:
        await connection.close(timeout=_CLOSE_TIMEOUT_S)
    except PASSING:
        connection.terminate()
