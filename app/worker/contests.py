"""Contests in the worker: their clock, and their standings kept fresh.

Law: contests move within seconds of their moments, on any number of workers. One worker at a time
leads the clock; were there two, rows and locks still let each thing happen once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from redis.asyncio import Redis

import rewards
from app.live.contests import signal_contests
from app.settings import Settings
from scoring import REDIS_AWAY

_log = structlog.get_logger(__name__)

EVERY_S = 1.0  # how long a contest's moment may have passed before anything happens
_LEADER_LOCK = 0x636F6E74657374  # "contest"


@dataclass(slots=True)
class Contests:
    """One process's rounds for contests."""

    settings: Settings
    redis: Redis
    _leading_on: Any = field(default=None)
    _standing_still: dict[int, str] = field(default_factory=dict)

    async def tick(self, connection: Any) -> int:
        """Let contests start, freeze, settle and be decided, if this process leads; returns 0, for
        it may then rest."""
        if self._leading_on is not connection:
            if not await connection.fetchval("select pg_try_advisory_lock($1)", _LEADER_LOCK):
                return 0
            self._leading_on = connection
            _log.info("contests_led")
        now = datetime.now(UTC)
        ticked = await rewards.tick(connection, now)
        for contest_id, why in ticked.failed.items():
            # One contest that cannot go on keeps no other from its turn; it is said once.
            if self._standing_still.get(contest_id) != why:
                _log.error("contest_stands_still", contest=contest_id, why=why)
        self._standing_still = ticked.failed
        await self._signal(ticked.contests, now)
        return 0

    async def refresh(self, connection: Any) -> int:
        """Count entrants that facts touched; returns how many, so that the next round is soon."""
        now = datetime.now(UTC)
        done = await rewards.refresh(connection, now)
        for contest_id, why in done.failed.items():
            _log.error("contest_not_counted", contest=contest_id, why=why)
        await self._signal(done.contests, now)
        return done.people

    async def _signal(self, contest_ids: frozenset[int], now: datetime) -> None:
        if not contest_ids:
            return
        try:
            await signal_contests(self.redis, contest_ids, now)
        except REDIS_AWAY as away:
            # What is counted is counted; open pages look again by themselves.
            _log.warning("contests_not_signalled", why=f"{away}")
