"""The clock of contests: what is due happens, whenever and by whichever worker it is asked.

Law: each step is one transaction that looks again under the contest's lock. So a worker may be killed
between any two statements and two may tick at once: a step happens once, whole, or not yet. Steps
that were missed while nobody ticked happen in their order, as of their own moments.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from rewards.connection import Connection
from rewards.contests.closing import announce_when_ready, close
from rewards.contests.deciding import settle
from rewards.contests.freezing import freeze_standing
from rewards.contests.record import Contest, undecided
from rewards.contests.snapshots import WITHIN, counts_followers, tell_who_has_no_snapshot
from rewards.contests.standing_still import OF_ONE_CONTEST, in_words
from rewards.contests.starting import start

# Missed for so long, nobody is told of a missing count any more: the decision says it.
_SNAPSHOT_NEWS: Final = timedelta(days=1)

Step = Callable[[Connection, int, datetime], Awaitable[bool]]


@dataclass(slots=True)
class Ticked:
    """What a tick did. `failed`: contests whose next step is not possible, with the reason."""

    _moved: set[int] = field(default_factory=set)
    failed: dict[int, str] = field(default_factory=dict)

    @property
    def contests(self) -> frozenset[int]:
        """Contests that changed."""
        return frozenset(self._moved)

    def moved(self, contest_id: int) -> None:
        """Note that a contest changed."""
        self._moved.add(contest_id)


async def tick(connection: Connection, now: datetime) -> Ticked:
    """Do all that is due. Outside any transaction; each step opens its own."""
    ticked = Ticked()
    for contest in reversed(await undecided(connection)):  # the oldest first
        try:
            for step in _due(contest, now):
                if await step(connection, contest.id, now):
                    ticked.moved(contest.id)
        except OF_ONE_CONTEST as why:
            # Trouble of the database itself is everybody's and rises.
            ticked.failed[contest.id] = in_words(why)
    return ticked


def _due(contest: Contest, now: datetime) -> list[Step]:
    """The steps whose moment has come and that are not recorded, in their order."""
    if contest.published is None:
        return []
    moments = contest.moments
    steps: list[Step] = []
    if now >= moments.starts_at and not contest.happened("started"):
        steps.append(start)
    if (
        moments.freezes_at is not None
        and now >= moments.freezes_at
        and not (contest.happened("frozen") or contest.happened("decided"))
    ):
        steps.append(freeze_standing)
    if _counted_a_day_ago(contest, now):
        steps.append(tell_who_has_no_snapshot)
    if now >= moments.settles_at and not contest.happened("decided"):
        steps.append(settle)
    if contest.happened("decided"):
        steps += [announce_when_ready, close]
    return steps


def _counted_a_day_ago(contest: Contest, now: datetime) -> bool:
    """Whether the day of a follower count has just gone by."""
    if not counts_followers(contest) or contest.happened("decided"):
        return False
    moments = contest.moments
    return any(
        timedelta() <= now - moment - WITHIN < _SNAPSHOT_NEWS
        for moment in (moments.starts_at, moments.ends_at)
    )
