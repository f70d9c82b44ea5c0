"""What stands behind totals: the entries, who answered when, the follower counts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from zoneinfo import ZoneInfo

from scoring.connection import Connection
from scoring.metrics import Source, boards_by_metric, boards_from
from scoring.metrics.metric import SampleEntry
from scoring.successive_zones import spelled
from scoring.verify.points import text

Total = tuple[str, str, date, int]  # metric, period, first day, person

# A day's periods with their first days; a season is one that has a name.
PERIODS = """values
    ('day', day), ('week', date_trunc('week', day)::date), ('month', date_trunc('month', day)::date),
    ('quarter', date_trunc('quarter', day)::date), ('all', date '1970-01-01')
    union all select 'season', s.starts_on from season s where day between s.starts_on and s.ends_on"""
# Entries alike in relation and points are worth the same to every metric.
_SUMMED = f"""
  with dayed as (
    select person_id, relation, points, fanfare_local(occurred_at, $2)::date as day, count(*) as times
    from entry where person_id = any($1::bigint[]) group by 1, 2, 3, 4)
  select person_id, relation, points, period, starts_on, sum(times)::bigint as times
  from dayed cross join lateral ({PERIODS}) p(period, starts_on)
  group by 1, 2, 3, 4, 5
"""


async def summed(connection: Connection, persons: list[int], zone: ZoneInfo) -> dict[Total, int]:
    """What entries, answers and counts of these people come to; totals of nothing are left out."""
    values: dict[Total, int] = defaultdict(int)
    for row in await connection.fetch(_SUMMED, persons, spelled(zone)):
        entry = SampleEntry(row["relation"], row["points"])
        for name, board in boards_by_metric().items():
            if worth := board.value(entry):
                key = name, row["period"], row["starts_on"], row["person_id"]
                values[key] += worth * row["times"]
    beside = text("totals.sql").replace("{{periods}}", PERIODS)
    for row in await connection.fetch(beside, persons, spelled(zone)):
        for name in boards_from(Source(row["source"])):
            values[name, row["period"], row["starts_on"], row["person_id"]] += row["value"]
    return {key: value for key, value in values.items() if value}


async def told(connection: Connection, persons: list[int]) -> dict[Total, int]:
    """The totals of these people of metrics that exist; totals of nothing are left out."""
    rows = await connection.fetch(
        """select metric, period, starts_on, person_id, value from total
           where person_id = any($1::bigint[]) and metric = any($2::text[]) and value <> 0""",
        persons,
        list(boards_by_metric()),
    )
    return {tuple(row)[:4]: row["value"] for row in rows}
