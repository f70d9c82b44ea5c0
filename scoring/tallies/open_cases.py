"""Open cases that could still move a contest: what they hold would count if it were released."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from scoring import deeds as reading
from scoring.attribution import attribute
from scoring.connection import Connection
from scoring.surround import surround

PAGE = 1_000  # held deeds at a time: a case may hold a whole circle's
_HELD = """
  select h.engagement_id, array_agg(distinct h.case_id order by h.case_id) as cases
  from hold h join case_file f on f.id = h.case_id
  where ($1::uuid is null or h.engagement_id > $1)
    and not exists (select from case_decision d where d.case_id = f.id)
    and (select last.held from hold last where last.engagement_id = h.engagement_id
         order by last.id desc limit 1)
  group by h.engagement_id order by h.engagement_id limit $2
"""


async def open_cases_about(
    connection: Connection, person_ids: Iterable[int], *, start_at: datetime, end_at: datetime
) -> dict[int, list[int]]:
    """For each of these people the open cases that hold something of theirs in [start_at, end_at).

    People without one are left out. What is held and would count for nobody blocks nothing. A page of
    what is held is in memory at a time, however much a case holds.
    """
    asked = set(person_ids)
    found: dict[int, set[int]] = defaultdict(set)
    after: UUID | None = None
    while rows := await connection.fetch(_HELD, after, PAGE):
        after = rows[-1]["engagement_id"]
        cases = {row["engagement_id"]: row["cases"] for row in rows}
        held = await reading.by_id(connection, cases)
        within = [deed for deed in held if start_at <= deed.occurred_at < end_at]
        around = await surround(connection, within)
        for deed in within:
            seen = attribute(deed._replace(held=False), around)
            if seen.refusal is None and seen.person_id in asked:
                found[seen.person_id] |= set(cases[deed.id])
    return {person: sorted(cases) for person, cases in found.items()}
