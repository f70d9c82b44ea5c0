"""What a contest would have been under other rules, counted as its charter counts. Nothing is written.

Law: everything else is as it is: its entrants, its networks, its disclosure, and what had become known when
it settled. With the charter's own rulebook it gives the contest's own standing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from rewards.connection import Connection
from rewards.contests.counting import Mode, count, networks
from rewards.contests.entrants import entered
from rewards.contests.record import by_slug
from rewards.contests.tallying import cutoff_of
from scoring import Foreseen, foresee

AT_ONCE = 1_000  # entrants

Progress = Callable[[int, int], Awaitable[None]]  # entrants done, of all


async def contest_under(
    connection: Connection, slug: str, toml: str, now: datetime, progress: Progress
) -> Foreseen | None:
    """A contest's standing beside what it would be under a draft; None where rules give it nothing.

    Of two standings the one that money and days are won from. Raises `NoSuchContest`.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        contest = await by_slug(connection, slug)
        charter = contest.charter
        if charter.rulebook is None:
            return None
        draft = msgspec.structs.replace(charter, rulebook=toml)
        mode: Mode = "prize" if networks(charter, "prize") else "recognition"
        people = await entered(connection, contest.id)
        cutoff = cutoff_of(contest, now)
        values: tuple[dict[int, int], dict[int, int]] = ({}, {})
        for begin in range(0, len(people), AT_ONCE):
            page = people[begin : begin + AT_ONCE]
            for found, terms in zip(values, (charter, draft), strict=True):
                counted = await count(connection, terms, page, cutoff=cutoff, only=(mode,))
                found |= {person: one.value for person, one in counted[mode].items()}
            await progress(begin + len(page), len(people))
    return foresee(*values, ())
