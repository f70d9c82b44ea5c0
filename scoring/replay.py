"""Reading retained deliveries anew, after an adapter has learnt to read more in them.

Law: a fact told twice is stored once, so a replay adds what was not understood and changes nothing
else. What the networks let us keep no longer cannot be replayed.
"""

from __future__ import annotations

from datetime import datetime

from scoring.connection import Connection


async def replay(
    connection: Connection, *, platform: str | None = None, since_at: datetime | None = None
) -> int:
    """Put the retained deliveries (of a platform, received since) into the queue; returns how many."""
    done = await connection.execute(
        """insert into pending_delivery (delivery_id, recorded_on, again_at)
           select id, recorded_on, now() from delivery
           where ($1::text is null or platform = $1)
             and ($2::timestamptz is null
                  or (recorded_on >= ($2 at time zone 'UTC')::date and received_at >= $2))
           on conflict do nothing""",
        platform,
        since_at,
    )
    return int(done.rsplit(" ", 1)[-1])
