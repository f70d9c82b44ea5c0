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


@dataclass(frozen=True, slots=True)
class Tally:
    """How many messages of a channel stand where."""

    delivered: int = 0
    waiting: int = 0
    given_up: int = 0


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


async def tallies(connection: Connection) -> dict[int, Tally]:
    """For each channel on which something was to be said, how much of it stands where."""
    rows = await connection.fetch(
        """select channel_id, count(*) filter (where state = 'delivered') as delivered,
             count(*) filter (where state = 'waiting') as waiting,
             count(*) filter (where state = 'given_up') as given_up
           from channel_delivery group by channel_id"""
    )
    return {row["channel_id"]: Tally(*tuple(row)[1:]) for row in rows}
