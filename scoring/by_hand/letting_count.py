"""A post is let count by its author.

Law: once; whoever says so again changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from scoring.audit import record_audit
from scoring.changes import note
from scoring.connection import Connection


async def hand_over(
    connection: Connection, person_id: int, post_id: UUID, now: datetime, *, once: bool = False
) -> None:
    """The author lets a post count that is known; `once`: say nothing where they did before."""
    new = await connection.fetchval(
        """insert into mark (post_id, name, value, person_id, effective_at, recorded_at)
           values ($1, 'handed_in', null, $2, $3, $3) on conflict do nothing returning id""",
        post_id,
        person_id,
        now,
    )
    if new is None and once:
        return
    await note(connection, posts=[post_id])
    await record_audit(connection, person_id, "handed_in", f"post:{post_id}", {}, now)
