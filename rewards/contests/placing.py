"""Bracket and team of each entrant, fixed at the start or when somebody comes later.

Law: nobody is moved afterwards, however their audience or department changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rewards.connection import Connection
from rewards.contests.brackets import place_in_brackets
from rewards.contests.counting import networks
from rewards.contests.record import Contest
from scoring import audiences

_AT_ONCE = 5000  # people asked for in one query


async def place(
    connection: Connection,
    contest: Contest,
    people: Mapping[int, str | None],
    *,
    at: datetime,
    now: datetime,
) -> None:
    """Give entrants their bracket by the audience they have at a moment, and their team (a name).

    `at` is the start, however late the clock, and for who comes later the moment of coming. Who is
    placed already keeps the place. All of them are counted soon.
    """
    charter = contest.charter
    ids = sorted(people)
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        reached = await audiences(
            connection, some, at=at, platforms=networks(charter, "recognition")
        )
        await connection.execute(
            """insert into placement (contest_id, person_id, bracket, audience, team, recorded_at)
               select $1, *, $6::timestamptz from unnest(
                 $2::bigint[], $3::int[], $4::bigint[], $5::text[])
               on conflict do nothing""",
            contest.id,
            some,
            [place_in_brackets(charter.brackets, reached.get(person)) for person in some],
            [reached.get(person) for person in some],
            [people[person] for person in some],
            now,
        )
        await count_soon(connection, contest.id, some)


async def count_soon(connection: Connection, contest_id: int, person_ids: list[int]) -> None:
    """Have these entrants counted again within seconds."""
    await connection.execute(
        """insert into tally_due (contest_id, person_id) select $1, unnest($2::bigint[])
           on conflict do nothing""",
        contest_id,
        sorted(person_ids),
    )
