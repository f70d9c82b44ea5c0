"""How many have a rank in a standing: where its middle is, beneath which nobody lists anybody."""

from __future__ import annotations

from rewards.connection import Connection
from rewards.contests.counting import Mode, kept_as
from rewards.contests.record import read
from rewards.contests.standings import table_of


async def ranked(
    connection: Connection, contest_id: int, *, mode: Mode, bracket: int | None = None
) -> int:
    """People with more than nothing in the public standing of a bracket, or of all (None)."""
    contest = await read(connection, contest_id)
    number: int = await connection.fetchval(
        f"""select count(*) from {table_of(contest)} where contest_id = $1 and mode = $2
              and value > 0 and ($3::int is null or bracket = $3)""",
        contest_id,
        kept_as(contest.charter, mode),
        bracket,
    )
    return number
