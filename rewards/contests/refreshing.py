"""Keeping live standings fresh: who was touched by a fact is counted again in their contests.

Law: a fact is in the standing within seconds. Any number of workers may do this at once; a person's
value is always from a count that began after the last fact that asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rewards.connection import Connection
from rewards.contests.entering import enter_by_default
from rewards.contests.entrants import Placed
from rewards.contests.overtaking import tell_the_overtaken
from rewards.contests.placing import count_soon
from rewards.contests.record import Contest, lock, read_several, undecided
from rewards.contests.standing_still import OF_ONE_CONTEST, in_words
from rewards.contests.tallying import AT_ONCE, Move, count_again
from scoring import take_touched

# Notes taken for each entrant counted: after a busy hour one person has many, and is counted once.
_NOTES: Final = 20
_TOGETHER: Final = 300  # entrants whose contests are counted in one round: it is soon over


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a round did: people taken from the queues, contests whose standing changed."""

    people: int
    contests: frozenset[int]
    failed: Mapping[int, str]  # contests that could not be counted, with the reason


async def refresh(connection: Connection, now: datetime, limit: int = AT_ONCE) -> Refreshed:
    """Take people touched by facts, then count entrants that are due, in all their contests."""
    touched = await _spread(connection, now, limit * _NOTES)
    counted, changed, failed = await _count_some(connection, now, min(limit, _TOGETHER))
    return Refreshed(touched + counted, changed, failed)


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


async def _count_some(
    connection: Connection, now: datetime, limit: int
) -> tuple[int, frozenset[int], dict[int, str]]:
    """Count entrants in the contests they are due in; returns how many counts that were, the
    contests that moved, and those that could not be counted."""
    async with connection.transaction():
        due = await _take_due(connection, limit)
        counted = [
            (contest, await _placed(connection, contest.id, due[contest.id]))
            for contest in await read_several(connection, sorted(due))
            if contest.published is not None and not contest.happened("decided")
        ]
        changed: set[int] = set()
        moved, failed = await _count(connection, counted, now)
        for (contest, _), moves in zip(counted, moved, strict=True):
            if moves:
                changed.add(contest.id)
                if not contest.happened("frozen") and now < contest.charter.end_at:
                    await tell_the_overtaken(connection, contest, moves, now)
        return sum(map(len, due.values())), frozenset(changed), failed


async def _count(
    connection: Connection, due: Sequence[tuple[Contest, Mapping[int, Placed]]], now: datetime
) -> tuple[list[list[Move]], dict[int, str]]:
    """All contests together; where one of them cannot be counted, each alone, and that one not."""
    try:
        async with connection.transaction():
            return await count_again(connection, due, now), {}
    except OF_ONE_CONTEST:
        moved: list[list[Move]] = []
        failed: dict[int, str] = {}
    for contest, people in due:
        try:
            async with connection.transaction():
                moved += await count_again(connection, [(contest, people)], now)
        except OF_ONE_CONTEST as why:
            failed[contest.id] = in_words(why)
            moved.append([])
    return moved, failed


async def _take_due(connection: Connection, limit: int) -> dict[int, list[int]]:
    """Some people of a contest that somebody is due in, and where else they are due; by contest."""
    first: int | None = await connection.fetchval("select contest_id from tally_due limit 1")
    if first is None:
        return {}
    # Shared with others who count; whoever decides a contest takes it alone.
    await connection.fetchval("select 1 from contest where id = $1 for share", first)
    people = await connection.fetch(
        """select person_id from tally_due where contest_id = $1
           order by person_id limit $2 for update skip locked""",
        first,
        limit,
    )
    ids = [row["person_id"] for row in people]
    # Rows are held now, so nobody is waited for any more: who is busy with another contest keeps it.
    others = await connection.fetch(
        """select id from contest where id <> $1 and id in (
             select contest_id from tally_due where person_id = any($2::bigint[]))
           order by id for share skip locked""",
        first,
        ids,
    )
    rows = await connection.fetch(
        """delete from tally_due where (contest_id, person_id) in (
             select contest_id, person_id from tally_due
             where contest_id = any($1::bigint[]) and person_id = any($2::bigint[])
             for update skip locked)
           returning contest_id, person_id""",
        [first, *(row["id"] for row in others)],
        ids,
    )
    due: dict[int, list[int]] = {}
    for row in rows:
        due.setdefault(row["contest_id"], []).append(row["person_id"])
    return due


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
