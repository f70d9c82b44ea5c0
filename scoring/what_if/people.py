"""Who may have earned anything in a stretch: only they are counted.

Law: rather too many than too few; who is left out can have no deed, figure or entry in the stretch.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from scoring.connection import Connection
from scoring.surround import company_accounts

CHUNK = 5_000  # people looked at in one question: a few index reads each


@dataclass(frozen=True, slots=True)
class Part:
    """A part of all people, counted beside the other parts in the moment that a snapshot names."""

    number: int
    of: int
    snapshot: str | None = None  # what PostgreSQL called the first part's


WHOLE = Part(0, 1)

_ACTIVE = """
select p.id from unnest($1::bigint[]) as p(id)
where exists (select from entry n
              where n.person_id = p.id and n.occurred_at >= $2 and n.occurred_at < $3)
   or exists (
     select from ownership o where o.person_id = p.id and (
       exists (select from engagement e where e.target_id = o.account_id
               and e.occurred_at >= $2 and e.occurred_at < $3)
       or exists (select from engagement e where e.actor_id = o.account_id
                  and e.occurred_at >= $2 and e.occurred_at < $3)
       or exists (select from retiming t where t.occurred_at >= $2 and t.occurred_at < $3
                  and (t.target_id = o.account_id or t.actor_id = o.account_id))
       or exists (select from engagement r where r.target_id = o.account_id
                  and r.kind in ('reshare', 'quote') and r.actor_id = any($4::uuid[]))
       or exists (select from post w join figure f on f.post_id = w.post_id
                  where w.author_id = o.account_id)))
order by p.id
"""


async def active_people(
    connection: Connection, start_at: datetime, end_at: datetime, part: Part = WHOLE
) -> AsyncIterator[tuple[int, list[int]]]:
    """(how many were looked at, who of them may have earned) in chunks, in the order of ids."""
    company = await company_accounts(connection)
    after = 0
    while True:
        rows = await connection.fetch(
            "select id from person where id > $1 and id % $3 = $4 order by id limit $2",
            after,
            CHUNK,
            part.of,
            part.number,
        )
        if not rows:
            return
        ids = [row["id"] for row in rows]
        active = await connection.fetch(_ACTIVE, ids, start_at, end_at, company)
        yield len(ids), [row["id"] for row in active]
        after = ids[-1]
