"""Keeping live standings fresh: who was touched by a fact is counted again in their contests.

Law: a fact is in the standing within seconds. Any number of workers may do this at once; a person's
value is always from a count that began after the last fact that asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rewards.connection import Connection
from rewards.contests.entering import enter_by_default
from rewards.contests.entrants import Placed
from rewards.contests.overtaking import tell_the_overtaken
from rewards.contests.placing import count_soon
from rewards.contests.record import Contest, lock, read, undecided
from rewards.contests.tallying import AT_ONCE, count_again
from scoring import take_touched

# Notes taken for each entrant counted: after a busy hour one person has many, and is counted once.
_NOTES: Final = 20


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a round did: people taken from the queues, contests whose standing changed."""

    people: int
    contests: frozenset[int]


async def refresh(connection: Connection, now: datetime, limit: int = AT_ONCE) -> Refreshed:
    """Take people touched by facts, then count entrants that are due, one contest a round."""
    touched = await _spread(connection, now, limit * _NOTES)
    counted, changed = await _count_one(connection, now, limit)
    return Refreshed(touched + counted, changed)


async def _spread(connection: Connection, now: datetime, limit: int) -> int:
    """Note in which contests the touched people are due."""
    async with connection.transaction():
        touched = await take_touched(connection, limit)
        if touched:
            for contest in sorted(await undecided(connection), key=lambda contest: contest.id):
                if contest.happened("started") and not contest.happened("decided"):
                    await _due_in(connection, contest, touched, now)
    return len(touched)


async def _due_in(
    connection: Connection, contest: Contest, touched: Sequence[int], now: datetime
) -> None:
    if contest.charter.entering == "default" and now < contest.charter.end_at:
        await _late(connection, contest.id, touched, now)
    rows = await connection.fetch(
        """select p.person_id from placement p
           where p.contest_id = $1 and p.person_id = any($2::bigint[])
             and (select e.state from entrance e where e.contest_id = p.contest_id
                  and e.person_id = p.person_id order by e.id desc limit 1) = 'entered'""",
        contest.id,
        touched,
    )
    await count_soon(connection, contest.id, [row["person_id"] for row in rows])


async def _late(
    connection: Connection, contest_id: int, touched: Sequence[int], now: datetime
) -> None:
    """Who came to take part in Fanfare while a contest runs that everybody is in."""
    rows = await connection.fetch(
        """select id from unnest($2::bigint[]) as p (id) where not exists (
             select from entrance e where e.contest_id = $1 and e.person_id = p.id)""",
        contest_id,
        touched,
    )
    if rows:
        contest = await lock(connection, contest_id)
        await enter_by_default(connection, contest, now, [row["id"] for row in rows])


async def _count_one(
    connection: Connection, now: datetime, limit: int
) -> tuple[int, frozenset[int]]:
    """Count entrants of the contest that somebody is due in; returns how many, and it if it moved."""
    async with connection.transaction():
        contest_id = await connection.fetchval("select contest_id from tally_due limit 1")
        if contest_id is None:
            return 0, frozenset()
        # Shared with others who count; whoever decides the contest takes it alone.
        await connection.fetchval("select 1 from contest where id = $1 for share", contest_id)
        rows = await connection.fetch(
            """delete from tally_due where contest_id = $1 and person_id = any(array(
                 select person_id from tally_due where contest_id = $1
                 order by person_id limit $2 for update skip locked))
               returning person_id""",
            contest_id,
            limit,
        )
        contest = await read(connection, contest_id)
        if not rows or contest.published is None or contest.happened("decided"):
            return len(rows), frozenset()
        people = await _placed(connection, contest_id, [row["person_id"] for row in rows])
        moves = await count_again(connection, contest, people, now)
        if moves and not contest.happened("frozen") and now < contest.charter.end_at:
            await tell_the_overtaken(connection, contest, moves, now)
        return len(rows), frozenset({contest_id} if moves else ())


async def _placed(
    connection: Connection, contest_id: int, person_ids: Sequence[int]
) -> dict[int, Placed]:
    rows = await connection.fetch(
        """select p.person_id, p.bracket, p.audience, p.team from placement p
           where p.contest_id = $1 and p.person_id = any($2::bigint[])
             and (select e.state from entrance e where e.contest_id = p.contest_id
                  and e.person_id = p.person_id order by e.id desc limit 1) = 'entered'""",
        contest_id,
        person_ids,
    )
    return {row["person_id"]: Placed(*row) for row in rows}
