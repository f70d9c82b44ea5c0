"""From where and how lately figures came: the last delivery and the last follower count of each network.

Law: asked of the newest rows alone, so that it costs the same with any history; a network that was not heard
among them is looked for day by day.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from scoring.connection import Connection

NEWEST: Final = 5_000  # rows
DAYS: Final = 14  # a network that was quiet for longer is not named


@dataclass(frozen=True, slots=True)
class Heard:
    """The last that came from a network by one way."""

    platform: str
    source: str  # webhook | stream | poll | import | hand | link
    at: datetime


async def last_heard(
    connection: Connection, platforms: Collection[str], today: date
) -> list[Heard]:
    """What was received last from each of these networks, by way, the newest first."""
    rows = await connection.fetch(
        """with newest as materialized (
             select platform, source, received_at from delivery
             order by recorded_on desc, id desc limit $1)
           select platform, source, max(received_at) as at from newest
           where platform = any($2::text[]) group by 1, 2""",
        NEWEST,
        list(platforms),
    )
    seen = {row["platform"] for row in rows}
    if quiet := [one for one in platforms if one not in seen]:
        rows += await connection.fetch(
            """select q.platform, d.source, d.received_at as at from unnest($1::text[]) as q(platform)
               cross join lateral (
                 select d.source, d.received_at from unnest($2::date[]) with ordinality as t(day, n)
                 cross join lateral (select source, received_at from delivery
                   where recorded_on = t.day and platform = q.platform limit 1) d
                 order by t.n limit 1) d""",
            quiet,
            [today - timedelta(days=back) for back in range(DAYS)],
        )
    return sorted((Heard(*row) for row in rows), key=lambda one: one.at, reverse=True)


async def last_counted(connection: Connection, platforms: Collection[str]) -> list[Heard]:
    """When followers were counted last on each of these networks, by way, the newest first."""
    rows = await connection.fetch(
        """with newest as materialized (
             select account_id, source, observed_at from snapshot order by id desc limit $1)
           select a.platform, n.source, max(n.observed_at) as at
           from newest n join account a on a.id = n.account_id
           where a.platform = any($2::text[]) group by 1, 2""",
        NEWEST,
        list(platforms),
    )
    return sorted((Heard(*row) for row in rows), key=lambda one: one.at, reverse=True)
