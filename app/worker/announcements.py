"""Announcements in the worker: screens are told of every step, and what is over is finished.

Law: a reveal does not need this loop: its position follows from the clock, and screens look by
themselves. The loop makes them look at once, and opens who won when the reveal is over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from redis.asyncio import Redis

from app.live.contests import contest_topic
from app.live.screens import SCREENS
from app.live.topics import signal
from rewards import Announcement, finish_due, on_now
from scoring import REDIS_AWAY

_log = structlog.get_logger(__name__)

EVERY_S: Final = 0.5  # screens show the same step within a second of each other
_LEADER_LOCK: Final = 0x616E6E6F  # "anno"


@dataclass(slots=True)
class Announcements:
    """One process's rounds for announcements."""

    redis: Redis
    _leading_on: Any = field(default=None)
    _shown: object = field(default=None)  # where the reveal was in the last round

    async def tick(self, connection: Any) -> int:
        """Finish what is over and tell screens of what goes on, if this process leads; returns 0,
        for it may then rest."""
        if self._leading_on is not connection:
            # A session's lock: it is free again the moment the leader's connection is gone.
            if not await connection.fetchval("select pg_try_advisory_lock($1)", _LEADER_LOCK):
                return 0
            self._leading_on = connection
            _log.info("announcements_led")
        now = datetime.now(UTC)
        finished = await finish_due(connection, now)
        topics = [contest_topic(contest_id) for contest_id in finished]
        shows = where(await on_now(connection, now), now)
        if shows != self._shown or finished:
            topics.append(SCREENS)
        self._shown = shows
        await self._signal(topics, now)
        return 0

    async def _signal(self, topics: list[str], now: datetime) -> None:
        try:
            await signal(self.redis, topics, now)
        except REDIS_AWAY as away:
            # Screens fetch the next step at its moment without being told.
            _log.warning("screens_not_signalled", why=f"{away}")


def where(announcement: Announcement | None, now: datetime) -> object:
    """All that decides which picture of a reveal is on: nothing while none is."""
    if announcement is None:
        return None
    step = announcement.position(now).step
    return None if step is None else (announcement.id, step)
