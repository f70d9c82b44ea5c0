"""Writing the live standing: what entrants have, counted by the charter.

Law: the standing is disposable. It is written from facts alone, so counting again, in any order and
by any number of workers, leaves the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rewards.connection import Connection
from rewards.contests.charter import Charter
from rewards.contests.counting import Mode, count, count_each, modes
from rewards.contests.entrants import Placed
from rewards.contests.record import Contest
from scoring import Cutoff, Tallied

AT_ONCE = 1000  # entrants counted in one round


@dataclass(frozen=True, slots=True)
class Move:
    """What a person's value was and what it is now."""

    mode: Mode
    bracket: int
    person_id: int
    before: int
    after: int


def cutoff_of(contest: Contest, now: datetime) -> Cutoff:
    """What may count while nothing is decided: what is recorded before settling ends."""
    settles_at = contest.moments.settles_at
    return Cutoff(facts_by=settles_at, final=now >= settles_at)


async def count_again(
    connection: Connection,
    due: Sequence[tuple[Contest, Mapping[int, Placed]]],
    now: datetime,
) -> list[list[Move]]:
    """Count these entrants of these contests and keep what they have; returns what changed in each.

    Contests that still settle are counted together: all that is recorded by now counts in them. One
    that is settled is counted by what was known then.
    """
    moves: list[list[Move]] = [[] for _ in due]
    groups: dict[Cutoff, list[int]] = {}
    for place, (contest, _) in enumerate(due):
        settling = now < contest.moments.settles_at
        cutoff = Cutoff(final=False) if settling else cutoff_of(contest, now)
        groups.setdefault(cutoff, []).append(place)
    for cutoff, places in groups.items():
        everybody = sorted({person for place in places for person in due[place][1]})
        charters = [due[place][0].charter for place in places]
        counted = await count_each(connection, charters, everybody, cutoff)
        for place, standings in zip(places, counted, strict=True):
            contest, people = due[place]
            for mode, values in standings.items():
                moves[place] += await keep(connection, contest.id, mode, people, values)
    return moves


async def keep(
    connection: Connection,
    contest_id: int,
    mode: Mode,
    people: Mapping[int, Placed],
    values: Mapping[int, Tallied],
) -> list[Move]:
    """Write one standing's values of these people; returns what changed."""
    ids = sorted(people)
    before = {
        row["person_id"]: row["value"]
        for row in await connection.fetch(
            """select person_id, value from tally
               where contest_id = $1 and mode = $2 and person_id = any($3::bigint[])""",
            contest_id,
            mode,
            ids,
        )
    }
    await connection.execute(
        """insert into tally (contest_id, mode, person_id, bracket, team, value, reached_at, version)
           select $1, $2, p.*, 1 from unnest($3::bigint[], $4::int[], $5::text[], $6::bigint[],
             $7::timestamptz[]) as p (person_id, bracket, team, value, reached_at)
           on conflict (contest_id, mode, person_id) do update
             set value = excluded.value, reached_at = excluded.reached_at,
                 bracket = excluded.bracket, team = excluded.team, version = tally.version + 1
             where (tally.value, tally.reached_at, tally.bracket, tally.team) is distinct from
                   (excluded.value, excluded.reached_at, excluded.bracket, excluded.team)""",
        contest_id,
        mode,
        ids,
        [people[person].bracket for person in ids],
        [people[person].team for person in ids],
        [values[person].value for person in ids],
        [values[person].reached_at for person in ids],
    )
    return [
        Move(mode, people[person].bracket, person, before.get(person, 0), values[person].value)
        for person in ids
        if before.get(person, 0) != values[person].value
    ]


async def freeze(
    connection: Connection, contest: Contest, people: Mapping[int, Placed], at: datetime
) -> None:
    """Keep the standing of a moment as the public one: what had happened by then, however late the
    clock that asks."""
    charter: Charter = contest.charter
    ids: Sequence[int] = sorted(people)
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        counted = await count(
            connection, charter, some, cutoff=cutoff_of(contest, at), only=modes(charter), end_at=at
        )
        for mode, values in counted.items():
            await connection.execute(
                """insert into frozen_tally (contest_id, mode, person_id, bracket, team, value)
                   select $1, $2, * from unnest($3::bigint[], $4::int[], $5::text[], $6::bigint[])
                   on conflict do nothing""",
                contest.id,
                mode,
                some,
                [people[person].bracket for person in some],
                [people[person].team for person in some],
                [values[person].value for person in some],
            )
