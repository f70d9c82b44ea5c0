"""What runs now, beside the leaderboard: the same for everybody, so it is asked for once in a while."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from app.pages.contests.cards import Card, card
from rewards import ContestCard, Stage, contests

SHOWN: Final = 3
KEPT_S: Final = 5.0  # a new contest is beside the leaderboard within seconds


@dataclass(frozen=True, slots=True)
class Running:
    """Contests that run, the one that ends first before the others; and what comes next."""

    now: list[Card]
    more: int
    next: Card | None


class RunningContests:
    """The contests as a process saw them last."""

    def __init__(self) -> None:
        self._seen: list[ContestCard] = []
        self._at = float("-inf")

    async def shown(self, pool: Any, now: datetime) -> Running:
        """What stands beside the leaderboard."""
        if time.monotonic() - self._at > KEPT_S:
            async with pool.acquire() as connection:
                self._seen = await contests(connection, viewer_id=None, now=now)
            self._at = time.monotonic()
        return running(self._seen, now)


def running(seen: list[ContestCard], now: datetime) -> Running:
    """Sort out what runs. Pure; what has ended since it was read is left out."""
    on = [
        one
        for one in seen
        if one.stage in (Stage.SCHEDULED, Stage.RUNNING)
        and one.moments.starts_at <= now < one.moments.ends_at
    ]
    on.sort(key=lambda one: (one.moments.ends_at, one.id))
    coming = [one for one in seen if one.stage is Stage.SCHEDULED and one.moments.starts_at > now]
    coming.sort(key=lambda one: (one.moments.starts_at, one.id))
    return Running(
        now=[card(_now_running(one), now) for one in on[:SHOWN]],
        more=max(0, len(on) - SHOWN),
        next=card(coming[0], now) if coming else None,
    )


def _now_running(one: ContestCard) -> ContestCard:
    """Also a contest that began since it was read runs."""
    if one.stage is Stage.RUNNING:
        return one
    return replace(one, stage=Stage.RUNNING)
