"""Subscriptions at hubs (WebSub): asked for, confirmed, renewed before they end, taken back.

Laws: the hub's asking back alone makes a subscription good, and only where we asked; one is renewed with
days to spare; what was never confirmed, denied or ran out is said and asked for again, later each time; a
hub in trouble is left alone like any server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from app.ending import ended
from app.going_out import NotReachable, Outside
from app.polls.subscribed import Due, Tried, due_now, note_lost, note_try, plan_subscriptions
from app.polls.wanted import may_ask
from app.settings import Settings
from scoring import NoAsk, Platform, Verdict, Wish, by_status, platforms, wait_s

_log = structlog.get_logger(__name__)

_LOCK: Final = (0x706F6C6C, 1)
_PLANS_EVERY: Final = timedelta(minutes=2)
_PACE_S: Final = 0.5


@dataclass(slots=True)
class Subscriptions:
    """All hubs, in one process."""

    settings: Settings
    outside: Outside
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    haste: float = 1.0  # the pace is divided by it
    _leading_on: Any = None
    _under_way: asyncio.Task[list[Tried]] | None = None
    _plans_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    async def tick(self, connection: Any) -> int:
        """Plan and ask what is due, if this process leads; how much it did."""
        done = await self._note_tried(connection)
        if self.settings.demo and not self.settings.peers:
            return done  # no hub hears of channels that are made up
        if self._leading_on is not connection:
            if not await connection.fetchval("select pg_try_advisory_lock($1, $2)", *_LOCK):
                return done
            self._leading_on = connection
        now = self.now()
        if now >= self._plans_at:
            for platform in self._hubs():
                await plan_subscriptions(connection, platform, now)
            self._plans_at = now + _PLANS_EVERY
        await note_lost(connection, now)
        if self._under_way is None and (due := await self._due(connection, now)):
            self._under_way = asyncio.create_task(self._ask(due))
        return done

    async def close(self) -> None:
        """Break off what is under way."""
        if self._under_way is not None:
            await ended([self._under_way])
            self._under_way = None

    def _hubs(self) -> list[Platform]:
        """The networks with a hub that are set up."""
        return [
            one
            for one in platforms().values()
            if one.hub is not None and not one.problems(self.settings.secrets_of(one.name))
        ]

    async def _due(self, connection: Any, now: datetime) -> list[Due]:
        return await due_now(connection, [one.name for one in self._hubs()], now)

    async def _ask(self, rows: list[Due]) -> list[Tried]:
        tried: list[Tried] = []
        away: set[str] = set()
        for row in rows:
            platform = platforms()[row.platform]
            assert platform.hub is not None
            wish = Wish.UNSUBSCRIBE if row.state == "ending" else Wish.SUBSCRIBE
            secrets = self.settings.secrets_of(row.platform)
            try:
                ask = platform.hub.ask(self.settings.outside_address, row.subject, secrets, wish)
            except NoAsk as why:
                tried.append(Tried(row, "", Verdict.REFUSED, str(why), None))
                continue
            if ask.origin in away or not may_ask(self.settings, ask.origin):
                continue  # due again within the hour
            try:
                answer = await self.outside.ask(ask)
            except NotReachable as why:
                tried.append(Tried(row, ask.origin, Verdict.LATER, str(why), None))
            else:
                # A hub answers 4xx to what it does not like about this one subscription.
                verdict = by_status(answer, token=True)
                said = "" if verdict is Verdict.GOOD else f"The hub answered {answer.status}."
                wait = wait_s(answer, datetime.now(UTC))
                tried.append(Tried(row, ask.origin, verdict, said, wait))
            if tried[-1].verdict is Verdict.LATER:
                away.add(ask.origin)
            await asyncio.sleep(_PACE_S / self.haste)
        return tried

    async def _note_tried(self, connection: Any) -> int:
        task = self._under_way
        if task is None or not task.done():
            return 0
        if (fault := task.exception()) is not None:
            self._under_way = None
            _log.error("subscribing_failed", exc_info=fault)
            return 0
        async with connection.transaction():
            for one in task.result():
                await note_try(connection, one, self.now())
        self._under_way = None
        return len(task.result())
