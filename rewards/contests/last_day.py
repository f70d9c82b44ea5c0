"""Contests in their last day: whose counts are wanted more often, and of what. Reading only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from rewards.connection import Connection
from rewards.contests.entrants import entered
from rewards.contests.record import Contest, undecided
from scoring import contest_metrics

LAST_DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of a contest that waits for counts: `from_at` to `to_at`, its end."""

    counts: Literal["followers", "figures"]
    from_at: datetime
    to_at: datetime
    people: Sequence[int]


async def last_days(connection: Connection, now: datetime) -> list[LastDay]:
    """The contests that end within a day and count followers or points, with who is in them."""
    found = []
    for contest in await undecided(connection):
        counts = _counts(contest)
        if counts is None or contest.happened("decided"):
            continue
        ends_at = contest.moments.ends_at
        if ends_at - LAST_DAY <= now < ends_at and contest.moments.starts_at <= now:
            people = await entered(connection, contest.id)
            found.append(LastDay(counts, ends_at - LAST_DAY, ends_at, people))
    return found


def _counts(contest: Contest) -> Literal["followers", "figures"] | None:
    """What it waits for: what needs different people excludes figures."""
    if contest.published is None:
        return None
    side = contest_metrics()[contest.charter.metric].contest
    if side is None or side.credit:  # it counts answers, each by somebody
        return None
    return "figures" if side.has_moments else "followers"
