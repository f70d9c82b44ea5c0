"""What hooks were told and how that went, for the administrator's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.database import Connection


@dataclass(frozen=True, slots=True)
class Told:
    """One event for one hook, with its newest attempt."""

    delivery_id: int
    type: str
    happened_at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    status: int | None
    said: str | None
    took_ms: int | None
    tried_at: datetime | None


async def told(connection: Connection, hook_id: int, limit: int) -> list[Told]:
    """The newest deliveries of a hook."""
    rows = await connection.fetch(
        """select d.id, e.type, e.recorded_at, d.state,
             (select count(*) from hook_attempt a where a.delivery_id = d.id)::int as attempts,
             d.next_at, last.status, last.said, last.took_ms, last.recorded_at as tried_at
           from hook_delivery d join outgoing_event e on e.id = d.event_id
           left join lateral (select * from hook_attempt a where a.delivery_id = d.id
                              order by a.id desc limit 1) last on true
           where d.hook_id = $1 order by d.id desc limit $2""",
        hook_id,
        limit,
    )
    return [Told(*row) for row in rows]
