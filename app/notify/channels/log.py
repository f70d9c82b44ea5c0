"""What was said on channels and how that went, for the administrator's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.database import Connection


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message on one channel, with its newest try."""

    delivery_id: int
    about: str  # announced, corrected, test
    contest: str | None  # its slug
    state: str
    attempts: int
    next_at: datetime | None
    status: int | None
    said: str | None
    took_ms: int | None
    tried_at: datetime | None


async def spoken(connection: Connection, channel_id: int, limit: int) -> list[Spoken]:
    """The newest messages of a channel."""
    rows = await connection.fetch(
        """select d.id, d.subject ->> 'about' as about, c.slug, d.state,
             (select count(*) from channel_attempt a where a.delivery_id = d.id)::int as attempts,
             d.next_at, last.status, last.said, last.took_ms, last.recorded_at as tried_at
           from channel_delivery d
           left join announcement a on a.id = (d.subject ->> 'announcement')::bigint
           left join contest c on c.id = a.contest_id
           left join lateral (select * from channel_attempt t where t.delivery_id = d.id
                              order by t.id desc limit 1) last on true
           where d.channel_id = $1 order by d.id desc limit $2""",
        channel_id,
        limit,
    )
    return [Spoken(*row) for row in rows]
