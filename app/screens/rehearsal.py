"""Trying a reveal out on one screen. Law: it is over by itself, however the trying ended, and no screen
but the one that was chosen knows of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from redis.asyncio import Redis

_HASH: Final = "fanfare:screens:rehearsals"
_LONGEST: Final = timedelta(hours=1)


class Rehearsal(msgspec.Struct, frozen=True):
    """A reveal on one screen, at the pace of a timed one."""

    screen_id: int
    contest_id: int
    started_at: datetime
    invented: bool  # the winners' names are invented, for a screen that others pass
    ends_at: datetime
    line: str = ""  # the leader's, as it stands in the form

    def is_on(self, now: datetime) -> bool:
        """Whether it is still going on."""
        return now < self.ends_at


async def begin_rehearsal(
    redis: Redis,
    *,
    screen_id: int,
    contest_id: int,
    invented: bool,
    lasts: timedelta,
    now: datetime,
    line: str = "",
) -> Rehearsal:
    """Begin one; it takes the place of another on that screen. `lasts`: how long the reveal takes."""
    ends_at = now + min(lasts, _LONGEST)
    begun = Rehearsal(screen_id, contest_id, now, invented, ends_at, line)
    over = [str(id) for id, one in (await rehearsals(redis)).items() if not one.is_on(now)]
    if over:
        await redis.hdel(_HASH, *over)
    await redis.hset(_HASH, str(screen_id), msgspec.json.encode(begun).decode())
    await redis.expire(_HASH, 2 * _LONGEST)
    return begun


async def rehearsal_of(
    redis: Redis, screen_id: int, now: datetime | None = None
) -> Rehearsal | None:
    """The rehearsal that is on on a screen."""
    now = now or datetime.now(UTC)
    kept = await redis.hget(_HASH, str(screen_id))
    found = msgspec.json.decode(kept, type=Rehearsal) if kept else None
    return found if found and found.is_on(now) else None


async def end_rehearsal(redis: Redis, screen_id: int) -> None:
    """End the rehearsal on a screen, if there is one."""
    await redis.hdel(_HASH, str(screen_id))


async def rehearsals(redis: Redis) -> dict[int, Rehearsal]:
    """All that were begun and not swept yet, by screen, in one trip."""
    kept = await redis.hgetall(_HASH)
    return {int(id): msgspec.json.decode(one, type=Rehearsal) for id, one in kept.items()}
