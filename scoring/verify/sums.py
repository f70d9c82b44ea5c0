"""Totals against what stands behind them, some people at a time, compared where they lie.

Law: what a metric makes of an entry is asked of the metric, once for entries alike in relation and
points; adding up and comparing is plain SQL, and only what differs leaves the database.
"""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from scoring.connection import Connection
from scoring.metrics import Source, boards_by_metric, boards_from
from scoring.metrics.metric import SampleEntry
from scoring.successive_zones import spelled
from scoring.verify.difference import MOST_OF_A_SLICE, TotalDiffers
from scoring.verify.points import OWN_ENTRIES, text
from scoring.verify.totals import PERIODS


async def compare_totals(
    connection: Connection, persons: list[int], zone: ZoneInfo
) -> tuple[int, list[TotalDiffers]]:
    """How many totals the people in `v_person` have, and which are not what stands behind them."""
    await connection.execute(_LAID_OUT)
    kinds = await connection.fetch(f"select distinct relation, points from {OWN_ENTRIES}")
    await connection.copy_records_to_table(
        "v_worth",
        records=[
            (name, kind["relation"], kind["points"], worth)
            for kind in kinds
            for name, board in boards_by_metric().items()
            if (worth := board.value(SampleEntry(kind["relation"], kind["points"])))
        ],
    )
    await connection.copy_records_to_table(
        "v_beside",
        records=[(source.value, name) for source in Source for name in boards_from(source)],
    )
    script = _COMPARED.replace("{{beside}}", text("totals.sql")).replace("{{periods}}", PERIODS)
    script = script.replace("{{entries}}", OWN_ENTRIES)
    found = await connection.fetch(
        script, persons, spelled(zone), list(boards_by_metric()), MOST_OF_A_SLICE
    )
    counted = found[0]["found"]
    return int(counted), [
        TotalDiffers(
            row["person_id"], row["metric"], row["period"], row["starts_on"],
            row["expected"], row["found"],
        )
        for row in found[1:]
    ]  # fmt: skip


_LAID_OUT: Final = """
  create temp table if not exists v_worth (metric text, relation text, points int, worth bigint)
    on commit drop;
  create temp table if not exists v_beside (source text, metric text) on commit drop;
  truncate v_worth, v_beside;
"""
# $1 the people, $2 the company's zone, $3 the metrics that exist, $4 so many differences at most.
# The first row says how many totals there are.
_COMPARED: Final = """
  with dayed as (
    select entry.person_id, relation, points, fanfare_local(occurred_at, $2)::date as day,
      count(*) as times
    from {{entries}} group by 1, 2, 3, 4
  ), worth as (
    select person_id, metric, day, sum(worth * times)::bigint as value
    from dayed join v_worth using (relation, points) group by 1, 2, 3
  ), beside as ({{beside}}
  ), expected as (
    select metric, period, starts_on, person_id, sum(value)::bigint as value
    from (select metric, period, starts_on, person_id, value
          from worth cross join lateral ({{periods}}) p(period, starts_on)
          union all
          select metric, period, starts_on, person_id, value
          from beside join v_beside using (source)) s
    group by 1, 2, 3, 4 having sum(value) <> 0
  ), found as materialized (
    select metric, period, starts_on, total.person_id, value
    from v_person cross join lateral (
      select t.* from total t where t.person_id = v_person.person_id offset 0) total
    where metric = any($3::text[]) and value <> 0
  )
  (select null::bigint as person_id, null as metric, null as period, null::date as starts_on,
     0::bigint as expected, count(*) as found from found)
  union all
  (select person_id, metric, period, starts_on, coalesce(expected.value, 0),
     coalesce(found.value, 0)
   from expected full join found using (metric, period, starts_on, person_id)
   where coalesce(expected.value, 0) <> coalesce(found.value, 0)
   order by 2, 3, 4, 1 limit $4)
"""
