"""What each rule gave last month, without naming anybody.

Law: of fewer than three people no number is said, for it would be somebody's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.database import Connection
from app.pages.words import counted, number
from scoring import Period, bounds, preceding, starts_on

LEAST: Final = 3  # people: the fewest behind whom nobody can be seen

_GAVE: Final = """
select rule, count(*) as people, sum(points)::bigint as points,
  percentile_disc(0.5) within group (order by points)::bigint as middle
from (select rule, person_id, sum(points) as points from entry
      where occurred_at >= $1 and occurred_at < $2 and reason in ('counted', 'reversed')
      group by 1, 2 having sum(points) > 0) each
group by 1
"""


def last_month(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The last whole month of the company's calendar, [start, end)."""
    return bounds(Period.MONTH, preceding(Period.MONTH, starts_on(Period.MONTH, now, zone)), zone)


async def examples(connection: Connection, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """A sentence for every rule that gave anything last month."""
    rows = await connection.fetch(_GAVE, *last_month(now, zone))
    return {row["rule"]: sentence(row["points"], row["people"], row["middle"]) for row in rows}


def sentence(points: int, people: int, middle: int) -> str:
    """'Last month this gave 1,204 points to 83 people; half of them got 9 or more.'"""
    if people < LEAST:
        return "Last month this gave points to one or two people."
    return (
        f"Last month this gave {counted(points, 'point')} to {number(people)} people; "
        f"half of them got {number(middle)} or more."
    )


async def topics_in_use(connection: Connection) -> set[str]:
    """The topics that posts carry."""
    rows = await connection.fetch("select distinct value from mark where name = 'topic'")
    return {row["value"] for row in rows if row["value"]}
