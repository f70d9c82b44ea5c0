"""A leaderboard that is counted anew for every page: one statement over the ledger, and nothing kept."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

_PAGE = """
with sums as (
  select person_id, sum(points) as points from {table}
  where occurred_at >= $1 group by person_id
), ranked as (
  select person_id, points, rank() over (order by points desc) as rank,
    row_number() over (order by points desc, person_id) as line
  from sums
)
select * from ranked
where line <= 50 or line between (select line from ranked where person_id = $2) - 2
                             and (select line from ranked where person_id = $2) + 2
order by line
"""


async def page(
    connection: Any, since: datetime, person_id: int, times: int, table: str = "entry"
) -> list[float]:
    """Seconds of each look at the top 50, one's own rank and neighbours, from the entries since then."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        await connection.fetch(_PAGE.format(table=table), since, person_id)
        took.append(time.perf_counter() - started)
    return took
