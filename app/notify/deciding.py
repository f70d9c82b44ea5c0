"""Decisions about a hook or a channel: paused, resumed, removed, and what each of them ends.

Law: a decision is appended; one that holds already is noted once.
"""

from __future__ import annotations

from datetime import datetime

from app.database import Connection
from app.notify.tries import Way


async def hold_still(connection: Connection, way: Way, way_id: int) -> None:
    """Let nobody else decide about it until the end of this transaction."""
    await connection.fetchval(f"select 1 from {way} where id = $1 for no key update", way_id)


async def note_change(
    connection: Connection,
    way: Way,
    way_id: int,
    change: str,
    *,
    person_id: int | None,
    now: datetime,
) -> None:
    """Append a decision; what still waited for one that is removed is given up."""
    await connection.execute(
        f"""insert into {way}_change ({way}_id, change, person_id, recorded_at)
            values ($1, $2, $3, $4)""",
        way_id,
        change,
        person_id,
        now,
    )
    if change == "removed":
        await connection.execute(
            f"""update {way}_delivery set state = 'given_up', next_at = null
                where {way}_id = $1 and state = 'waiting'""",
            way_id,
        )
