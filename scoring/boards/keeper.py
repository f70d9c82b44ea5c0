"""Keeping the boards there: those that were found missing, those that run, all after a restart.

Law: a board that people look at now is in Redis within seconds of whatever happened to it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from redis.asyncio import Redis

from scoring.boards.eve import build_eve
from scoring.boards.key import BoardKey
from scoring.boards.rebuild import ensure
from scoring.boards.restart import boards_in_redis, rebuild_after_restart
from scoring.connection import Connection
from scoring.metrics import board_metrics
from scoring.periods import current
from scoring.seasons import keep_seasons
from scoring.zones import company_zone

_LOOK_EVERY_S = 2.0  # after running boards and a restart: two small calls


class Keeper:
    """What one process knows of boards to build. Any number of keepers may run."""

    def __init__(self, setting: ZoneInfo) -> None:
        self._setting = setting
        self._wanted: dict[BoardKey, None] = {}
        self._look_at = 0.0

    @property
    def _zone(self) -> ZoneInfo:
        return company_zone(self._setting)

    def want(self, boards: Iterable[BoardKey]) -> None:
        """Note boards that were missing; past ones are built when somebody opens them."""
        now = datetime.now(UTC)
        self._wanted |= dict.fromkeys(b for b in boards if b.is_running(now, self._zone))

    async def tend(self, connection: Connection, redis: Redis) -> int:
        """Build what is wanted; returns how many boards this call built."""
        built = 0
        if time.monotonic() >= self._look_at:
            await keep_seasons(connection)
            built += await rebuild_after_restart(connection, redis, self._zone)
            self.want(running_boards(datetime.now(UTC), self._zone))
            self._look_at = time.monotonic() + _LOOK_EVERY_S
        while self._wanted:
            board = next(iter(self._wanted))
            built += await ensure(connection, redis, board, self._zone)
            del self._wanted[board]
        return built


def running_boards(now: datetime, zone: tzinfo) -> list[BoardKey]:
    """Everyone's board of every metric and running period: what most people open."""
    days = current(now, zone).items()
    return [BoardKey(name, period, day) for name in board_metrics() for period, day in days]


async def build_eves(connection: Connection, redis: Redis, now: datetime, zone: tzinfo) -> int:
    """Build the eve of every board in Redis that has none yet today; returns how many."""
    built = 0
    async for board in boards_in_redis(redis):
        built += await build_eve(connection, redis, board, now, zone)
    return built
