"""The worker's polls: one poller a network, whoever of the workers leads it.

Laws: a network is asked by one worker at a time, by a session's lock; each server is asked by a task of its
own, so that one which is slow or fails delays nobody; what ends with the process is asked again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zlib import crc32

import asyncpg
import structlog

from app.ending import ended
from app.going_out import Outside
from app.polls.asking import Asked, Round
from app.polls.budget import Budget
from app.polls.claiming import take
from app.polls.noting import note
from app.polls.planning import plan
from app.polls.subscribing import Subscriptions
from app.settings import Settings
from scoring import Platform, platforms

_log = structlog.get_logger(__name__)

EVERY_S: Final = 1.0
PLANS_EVERY: Final = timedelta(minutes=2)
_PLANS_SHARE: Final = 30
_LOOKS_AGAIN: Final = timedelta(minutes=5)  # where the budget is used up
_MOST_SERVERS: Final = 30  # asked side by side, of one network
_LOCK: Final = 0x706F6C6C  # "poll"
# The database: whoever calls opens another connection.
_PASSING: Final = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


@dataclass(slots=True)
class Poller:
    """One network's polls in one process."""

    settings: Settings
    platform: Platform
    outside: Outside
    connect: Callable[[], Awaitable[Any]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    haste: float = 1.0  # how much faster than networks allow: for networks of one's own
    _leading_on: Any = None
    _under_way: dict[str, asyncio.Task[list[Asked]]] = field(default_factory=dict)
    _plans_at: datetime = datetime.min.replace(tzinfo=UTC)
    _rests_until: datetime = datetime.min.replace(tzinfo=UTC)

    @property
    def busy(self) -> bool:
        """Whether a server is being asked."""
        return bool(self._under_way)

    async def tick(self, connection: Any) -> int:
        """Note what was answered, plan, and ask what is due, if this process leads; how much it did."""
        done = await self._note_answered(connection)
        if not await self._leads(connection):
            return done
        now, secrets = self.now(), self.settings.secrets_of(self.platform.name)
        if now >= self._plans_at:
            began = time.monotonic()
            await plan(connection, self.platform, self.settings, now)
            took = timedelta(seconds=time.monotonic() - began)
            # Of a million people planning takes seconds: never more than a small part of the time.
            self._plans_at = now + max(PLANS_EVERY, took * _PLANS_SHARE)
        if now < self._rests_until or len(self._under_way) >= _MOST_SERVERS:
            return done
        polling = self.platform.polling
        assert polling is not None
        budget = Budget.of(polling, secrets)
        taken = await take(
            connection, self.platform, secrets, budget, now, busy=self._under_way.keys()
        )
        if taken.short:
            self._rests_until = now + _LOOKS_AGAIN
        for server, questions in taken.by_server.items():
            asking = Round(
                self.settings,
                self.outside,
                self.platform.name,
                polling,
                self.connect,
                self.haste,
            )
            self._under_way[server] = asyncio.create_task(asking.ask(questions))
        return done + len(taken.by_server)

    async def close(self) -> None:
        """Break off what is under way: it is due again in some minutes."""
        await ended(self._under_way.values())
        self._under_way.clear()

    async def _leads(self, connection: Any) -> bool:
        if self._leading_on is not connection:
            # A session's lock: it is free again the moment the leader's connection is gone.
            number = crc32(self.platform.name.encode()) - 2**31
            if not await connection.fetchval("select pg_try_advisory_lock($1, $2)", _LOCK, number):
                return False
            self._leading_on = connection
            _log.info("polls_led", platform=self.platform.name)
        return True

    async def _note_answered(self, connection: Any) -> int:
        done = 0
        for server, task in list(self._under_way.items()):
            if not task.done():
                continue
            if (fault := task.exception()) is not None:
                del self._under_way[server]  # its questions are due again when their lease is over
                _log.error("poll_round_failed", platform=self.platform.name, exc_info=fault)
                continue
            # Forgotten only once it is written down.
            await note(connection, self.platform, task.result(), self.now())
            del self._under_way[server]
            done += 1
        return done


class Polls:
    """All networks' polls, and the subscriptions, in one worker process."""

    def __init__(
        self,
        settings: Settings,
        connect: Callable[[], Awaitable[Any]],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._outside = Outside.of(settings)
        self.pollers = [
            Poller(settings, network, self._outside, connect, now)
            for network in platforms().values()
            if network.polling is not None
        ]
        self._all: tuple[Poller | Subscriptions, ...] = (
            *self.pollers,
            Subscriptions(settings, self._outside, now),
        )

    async def tick(self, connection: Any) -> int:
        """A round of every network; one that fails keeps no other from its turn."""
        for one in self._all:
            try:
                await one.tick(connection)
            except _PASSING:
                raise
            except Exception:  # noqa: BLE001 - a fault of ours about one network
                _log.exception(
                    "polls_failed", of=one.platform.name if isinstance(one, Poller) else "hubs"
                )
        return 0  # it may rest: pace comes from the networks

    async def close(self) -> None:
        """End everything under way."""
        for one in self._all:
            await one.close()
        await self._outside.close()
