"""What the page says of rehearsals: the screens one can choose, and those on which one is on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from redis.asyncio import Redis

from app.database import Connection
from app.screens import rehearsal
from app.screens.screens import Screen, screens
from scoring import REDIS_AWAY


@dataclass(frozen=True, slots=True)
class OnScreen:
    """A rehearsal of this contest that is on."""

    screen_id: int
    screen: str
    invented: bool
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """Screens by who passes them, as (value, words), and what is on."""

    staff: list[tuple[str, str]]
    public: list[tuple[str, str]]
    on: list[OnScreen]


async def rehearsals(
    connection: Connection, redis: Redis, contest_id: int, now: datetime
) -> Rehearsals:
    """All screens, and the rehearsals of a contest; none where Redis does not answer."""
    found = await screens(connection)
    try:
        begun = await rehearsal.rehearsals(redis)
    except REDIS_AWAY:
        begun = {}
    return Rehearsals(
        [_option(one) for one in found if one.setting.audience == "staff"],
        [_option(one) for one in found if one.setting.audience == "public"],
        [
            OnScreen(one.id, one.setting.name, on.invented, on.ends_at)
            for one in found
            if (on := begun.get(one.id)) and on.contest_id == contest_id and on.is_on(now)
        ],
    )


def _option(screen: Screen) -> tuple[str, str]:
    name, place = screen.setting.name, screen.setting.place
    # Many are named after where they hang already.
    said = not place or place.casefold() in name.casefold()
    return str(screen.id), name if said else f"{name}, {place}"
