"""Announcements in the worker: screens are told of every step, and what is over is finished.

Laws: a reveal does not need this loop: its position follows from the clock, and screens look by
themselves. The loop makes them look at once, and opens who won when the reveal is over. Who hides,
leaves or changes their mind while a step of theirs stands is gone from every screen within seconds,
however long the step stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from redis.asyncio import Redis

from app.live.contests import contest_topic
from app.live.screens import PEOPLE, SCREENS
from app.live.topics import signal
from app.pages.faces import faces
from rewards import Announcement, awards_of_announcement, finish_due, on_now
from scoring import REDIS_AWAY

_log = structlog.get_logger(__name__)

EVERY_S: Final = 0.5  # screens show the same step within a second of each other
# Of people screens are told for so long: the web process may hand out a frame again for a second.
_LOOKS_EVERY: Final = timedelta(seconds=2)  # for who hides, leaves or changes their mind meanwhile
_TELLS_AGAIN: Final = timedelta(seconds=2)
_LEADER_LOCK: Final = 0x616E6E6F  # "anno"


@dataclass(slots=True)
class Announcements:
    """One process's rounds for announcements."""

    redis: Redis
    _leading_on: Any = field(default=None)
    _shown: object = field(default=None)  # where the reveal was in the last round
    _people: object = field(
        default=None
    )  # what was to be shown of its winners when it was looked last
    _looks_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    _tell_until: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    _untold: set[str] = field(default_factory=set)  # topics that Redis was not told of yet
    _away: bool = field(default=False)
    _standing_still: dict[int, str] = field(default_factory=dict)

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
        finished = await self._finish(connection, now)
        self._untold.update(contest_topic(contest_id) for contest_id in finished)
        on = await on_now(connection, now)
        shows = where(on, now)
        await self._look_for_people(connection, on if shows else None, now)
        if shows != self._shown or finished:
            self._untold.add(SCREENS)
        if shows and now < self._tell_until:
            self._untold.add(PEOPLE)
        self._shown = shows
        await self._signal(now)
        return 0

    async def _look_for_people(
        self, connection: Any, on: Announcement | None, now: datetime
    ) -> None:
        if on is None:
            self._people = None
        elif self._people is None or now >= self._looks_at:
            people = await standing(connection, on, now)
            if self._people not in (None, people):
                self._tell_until = now + _TELLS_AGAIN
            self._people, self._looks_at = people, now + _LOOKS_EVERY

    async def _finish(self, connection: Any, now: datetime) -> list[int]:
        failed: dict[int, str] = {}
        finished = await finish_due(connection, now, failed)
        for contest_id, why in failed.items():
            # It keeps no other reveal from its turn; it is said once.
            if self._standing_still.get(contest_id) != why:
                _log.error("announcement_stands_still", contest=contest_id, why=why)
        self._standing_still = failed
        return finished

    async def _signal(self, now: datetime) -> None:
        try:
            await signal(self.redis, self._untold, now)
        except REDIS_AWAY as away:
            # A step of the clock screens fetch at its moment; a leader's they would only hear of: so it
            # is said again in the next round.
            if not self._away:
                _log.warning("screens_not_signalled", why=f"{away}")
            self._away = True
            return
        self._untold.clear()
        self._away = False


def where(announcement: Announcement | None, now: datetime) -> object:
    """All that decides which picture of a reveal is on: nothing while none is."""
    if announcement is None:
        return None
    step = announcement.position(now).step
    return None if step is None else (announcement.id, step)


async def standing(connection: Any, announcement: Announcement, now: datetime) -> object:
    """All that decides what is shown of an announcement's winners."""
    won = await awards_of_announcement(connection, announcement)
    people = sorted({award.person_id for award in won.values()})
    # Only compared with itself, so no secret is needed.
    return announcement.id, won, await faces(connection, people, now=now, secret="")
