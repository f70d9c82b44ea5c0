"""Who is in a contest, and in which bracket and team. Reading only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rewards.connection import Connection

# The newest row of contest and person says whether they are in.
_NEWEST = """
select distinct on (e.person_id) e.person_id, e.state, e.chosen, e.recorded_at
from entrance e where e.contest_id = $1 and ($2::timestamptz is null or e.recorded_at <= $2)
order by e.person_id, e.id desc
"""


@dataclass(frozen=True, slots=True)
class Placed:
    """An entrant with the place the start gave them."""

    person_id: int
    bracket: int
    audience: int | None
    team: str | None


async def entered(
    connection: Connection, contest_id: int, as_of: datetime | None = None
) -> list[int]:
    """Everybody who is in, now or as it was recorded at a moment."""
    rows = await connection.fetch(
        f"select person_id from ({_NEWEST}) n where state = 'entered' order by person_id",
        contest_id,
        as_of,
    )
    return [row["person_id"] for row in rows]


async def placed(
    connection: Connection, contest_id: int, as_of: datetime | None = None
) -> dict[int, Placed]:
    """Everybody who is in and has a bracket, now or as it was recorded at a moment."""
    rows = await connection.fetch(
        f"""select p.person_id, p.bracket, p.audience, p.team
            from ({_NEWEST}) n join placement p on p.contest_id = $1 and p.person_id = n.person_id
            where n.state = 'entered' order by p.person_id""",
        contest_id,
        as_of,
    )
    return {row["person_id"]: Placed(*row) for row in rows}


async def state_of(connection: Connection, contest_id: int, person_id: int) -> str | None:
    """entered, withdrawn, or None for somebody who never said anything."""
    state: str | None = await connection.fetchval(
        """select state from entrance where contest_id = $1 and person_id = $2
           order by id desc limit 1""",
        contest_id,
        person_id,
    )
    return state


async def how_many(connection: Connection, contest_id: int) -> int:
    """How many are in."""
    number: int = await connection.fetchval(
        f"select count(*) from ({_NEWEST}) n where state = 'entered'", contest_id, None
    )
    return number
