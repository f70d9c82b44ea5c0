"""Reading retained deliveries anew, after an adapter has learnt to read more in them.

Law: a fact told twice is stored once, so a replay adds what was not understood and changes nothing
else. What the networks let us keep no longer cannot be replayed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from scoring.connection import Connection

_SLICE: Final = 50_000  # deliveries queued at once: the workers begin with the first of them


async def replay(
    connection: Connection,
    *,
    platform: str | None = None,
    since_at: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> int:
    """Put the retained deliveries (of a platform, received since) into the queue; returns how many.

    `connection` is not in a transaction: day by day, so many at a time, each for itself; one that is
    broken off is begun again, and what waits already is not queued twice. `progress(days done, all)`.
    """
    days = await connection.fetch(_DAYS, since_at)
    queued = 0
    for place, row in enumerate(days, start=1):
        after = -1
        while True:
            done = await connection.fetchrow(_QUEUED, row["day"], platform, since_at, after, _SLICE)
            queued += done["queued"]
            if done["last"] is None:
                break
            after = done["last"]
        progress(place, len(days))
    return queued


# The days of which deliveries are there: one look into the index for each.
_DAYS: Final = """
  with recursive days as (
    select min(recorded_on) as day from delivery
    where $1::timestamptz is null or recorded_on >= ($1 at time zone 'UTC')::date
    union all
    select (select min(recorded_on) from delivery where recorded_on > days.day)
    from days where day is not null
  )
  select day from days where day is not null
"""
# In the order of their keys, so that the next slice begins where this one ended.
_QUEUED: Final = """
  with day as (
    select id, recorded_on, platform, received_at from delivery
    where recorded_on = $1 and id > $4 order by id limit $5
  ), queued as (
    insert into pending_delivery (delivery_id, recorded_on, again_at)
    select id, recorded_on, now() from day
    where ($2::text is null or platform = $2)
      and ($3::timestamptz is null or received_at >= $3)
    on conflict do nothing returning 1
  )
  select (select count(*) from queued) as queued, (select max(id) from day) as last
"""
