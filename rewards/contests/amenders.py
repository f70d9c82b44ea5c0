"""Who changed what can be won in a published contest, or until when.

Law: like who published it they are never among its entrants and approve none of its awards, for nobody
decides about themselves. Another contact changes nothing that anybody wins.
"""

from __future__ import annotations

from typing import Final

from rewards.connection import Connection

_WHAT_IS_WON: Final = "(body::jsonb->>'end_at' is not null or body::jsonb->'prizes' <> '[]')"


async def amenders(connection: Connection, contest_id: int) -> list[int]:
    """Whoever amended the end or the prizes of a contest, by id."""
    rows = await connection.fetch(
        f"""select distinct person_id from amendment where contest_id = $1 and {_WHAT_IS_WON}
           order by person_id""",
        contest_id,
    )
    return [row["person_id"] for row in rows]


async def amended_by(connection: Connection, person_id: int) -> frozenset[int]:
    """The contests whose end or prizes a person amended, by id."""
    rows = await connection.fetch(
        f"select distinct contest_id from amendment where person_id = $1 and {_WHAT_IS_WON}",
        person_id,
    )
    return frozenset(row["contest_id"] for row in rows)
