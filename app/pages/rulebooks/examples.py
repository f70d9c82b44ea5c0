"""What each rule gave last month, without naming anybody.

Law: of fewer than three people no number is said, for it would be somebody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.database import Connection
from app.pages.words import counted, number
from scoring import Period, bounds, preceding, starts_on

LEAST: Final = 3  # people: the fewest behind whom nobody can be seen

RECENT: Final = timedelta(days=30)  # as long as a month, for a programme that has no whole one yet

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


async def usual(connection: Connection, now: datetime, zone: ZoneInfo) -> str:
    """What examples are taken from: `month`, or `days` where nothing counted last month yet."""
    counted_ = await connection.fetchval(
        "select exists (select from entry where occurred_at >= $1 and occurred_at < $2)",
        *last_month(now, zone),
    )
    return "month" if counted_ else "days"


@dataclass(frozen=True, slots=True)
class Examples:
    """A sentence for every rule; `of` has one for rules that gave nothing, too."""

    when: str  # "Last month"
    said: Mapping[str, str]

    def of(self, rule: str) -> str:
        """What a rule of this name gave."""
        return self.said.get(rule, f"{self.when} no rule of this name gave anything.")


async def examples(connection: Connection, now: datetime, zone: ZoneInfo) -> Examples:
    """What each rule gave last month, or in the last 30 days where there is no such month."""
    if await usual(connection, now, zone) == "month":
        when, stretch = "Last month", last_month(now, zone)
    else:
        when, stretch = "In the last 30 days", (now - RECENT, now)
    rows = await connection.fetch(_GAVE, *stretch)
    return Examples(
        when,
        {row["rule"]: sentence(row["points"], row["people"], row["middle"], when) for row in rows},
    )


def sentence(points: int, people: int, middle: int, when: str = "Last month") -> str:
    """'Last month this gave 1,204 points to 83 people; half of them got 9 or more.'"""
    if people < LEAST:
        return f"{when} this gave points to one or two people."
    return (
        f"{when} this gave {counted(points, 'point')} to {number(people)} people; "
        f"half of them got {number(middle)} or more."
    )
