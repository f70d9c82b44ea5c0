"""How much comes from each network: deliveries in the last hour, by the way they come.

Law: asked of the newest rows alone, so that it costs the same with any history. Where more came in an hour
than are looked at, the pace of those is carried on, and said to be about right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scoring.connection import Connection

NEWEST: Final = 5_000  # rows
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """Deliveries of one network by one way in the last hour."""

    platform: str
    source: str  # webhook | stream | poll | import | hand | link
    in_hour: int
    about: bool  # carried on from the newest, which came within less than an hour


async def paces(connection: Connection, now: datetime) -> list[Pace]:
    """What came in the last hour, by network and way, the most first."""
    rows = await connection.fetch(
        """with newest as materialized (
             select platform, source, received_at from delivery
             order by recorded_on desc, id desc limit $1)
           select platform, source, count(*) filter (where received_at > $2) as recent,
                  (select count(*) from newest) as looked_at,
                  (select min(received_at) from newest) as oldest_at
           from newest group by 1, 2""",
        NEWEST,
        now - HOUR,
    )
    found = []
    for row in rows:
        span = now - row["oldest_at"]
        short = row["looked_at"] == NEWEST and timedelta(0) < span < HOUR
        count = round(row["recent"] * (HOUR / span)) if short else row["recent"]
        if count:
            found.append(Pace(row["platform"], row["source"], count, short))
    return sorted(found, key=lambda one: (-one.in_hour, one.platform, one.source))
