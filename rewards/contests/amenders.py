"""Who changed what can be won in a published contest, or until when.

Law: like who published it they are never among its entrants and approve none of its awards, for nobody
decides about themselves. Another contact changes nothing that anybody wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rewards.connection import Connection
from rewards.contests.charter import Charter
from scoring import everyone_of

_WHAT_IS_WON: Final = "(body::jsonb->>'end_at' is not null or body::jsonb->'prizes' <> '[]')"


async def amenders(connection: Connection, contest_id: int) -> list[int]:
    """Whoever amended the end or the prizes of a contest, by id; under all records of theirs."""
    rows = await connection.fetch(
        f"""select distinct person_id from amendment where contest_id = $1 and {_WHAT_IS_WON}
           order by person_id""",
        contest_id,
    )
    return sorted(await everyone_behind(connection, (row["person_id"] for row in rows)))


async def barred(connection: Connection, charter: Charter) -> frozenset[int]:
    """Who is never among the entrants of a contest: who published it or amended what is won, under
    all records of theirs."""
    return await everyone_behind(
        connection, [charter.proposer_id, *await amenders(connection, charter.contest_id)]
    )


async def everyone_behind(connection: Connection, records: Iterable[int]) -> frozenset[int]:
    """All records of the persons that these are records of."""
    everybody: set[int] = set()
    for record in set(records):
        everybody |= {record, *await everyone_of(connection, record)}
    return frozenset(everybody)


async def amended_by(connection: Connection, person_id: int) -> frozenset[int]:
    """The contests whose end or prizes a person amended, by id."""
    rows = await connection.fetch(
        f"select distinct contest_id from amendment where person_id = any($1) and {_WHAT_IS_WON}",
        sorted(await everyone_of(connection, person_id)),
    )
    return frozenset(row["contest_id"] for row in rows)
