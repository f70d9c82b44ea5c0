"""Who changed what can be won in a published contest, or until when.

Law: like who published it they are never among its entrants and approve none of its awards, for nobody
decides about themselves. Another contact changes nothing that anybody wins.
"""

from __future__ import annotations

from rewards.connection import Connection


async def amenders(connection: Connection, contest_id: int) -> list[int]:
    """Whoever amended the end or the prizes of a contest, by id."""
    rows = await connection.fetch(
        """select distinct person_id from amendment where contest_id = $1
             and (body::jsonb->>'end_at' is not null or body::jsonb->'prizes' <> '[]')
           order by person_id""",
        contest_id,
    )
    return [row["person_id"] for row in rows]
