"""Where points came from: answers of others, stories shared, the company's reshares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scoring.connection import Connection


@dataclass(frozen=True, slots=True)
class Mix:
    """Points of a stretch of time by where they came from."""

    responses: int
    shared: int
    reshared: int


async def mix(
    connection: Connection, person_ids: list[int], *, start_at: datetime, end_at: datetime
) -> dict[int, Mix]:
    """The mix of these people in [start, end); own posts and conversations belong to responses.

    What an answered dispute gave came from nowhere outside and is left out.
    """
    rows = await connection.fetch(
        """select person_id,
             coalesce(sum(points) filter (where relation not in ('shared', 'reshared', 'echo', 'case')),
               0)::int
               as responses,
             coalesce(sum(points) filter (where relation = 'shared'), 0)::int as shared,
             coalesce(sum(points) filter (where relation in ('reshared', 'echo')), 0)::int as reshared
           from entry where person_id = any($1::bigint[]) and occurred_at >= $2 and occurred_at < $3
           group by 1""",
        person_ids,
        start_at,
        end_at,
    )
    found = {
        row["person_id"]: Mix(row["responses"], row["shared"], row["reshared"]) for row in rows
    }
    return {person: found.get(person, Mix(0, 0, 0)) for person in person_ids}
