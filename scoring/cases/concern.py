"""Whose points a case touches.

Law: nobody among them decides it (design section 1, 6), whether they are its subject, wrote the post,
were answered, or gain by applause for the company's reshare. Whose deeds it holds reads what was answered,
also where it is about several.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scoring.connection import Connection
from scoring.records import everyone_of

# Whose a held deed `e` is: what somebody here wrote, else whom it was done to.
_WHOSE = """coalesce(
  (select o.person_id from ownership o where o.account_id = e.actor_id
     and o.effective_at <= e.occurred_at order by o.effective_at desc, o.id desc limit 1),
  (select o.person_id from ownership o where o.account_id = e.target_id
     and o.effective_at <= e.occurred_at order by o.effective_at desc, o.id desc limit 1))"""
# SQL about `case_file f`: cases about the person $1 alone, or about several while something of
# theirs is held; evidence names those of its first day alone. Who is compared with is no part of it.
ABOUT_ONE: Final = f"""(f.person_id = $1 or f.person_id is null and exists (
  select from hold h join engagement e on e.id = h.engagement_id
  where h.case_id = f.id and h.held and {_WHOSE} = $1))"""
_ABOUT = """
  acts as (
    select distinct case_id, engagement_id from hold where case_id = any($1::bigint[])
    union
    select id, (evidence->>'engagement_id')::uuid from case_file
    where id = any($1::bigint[]) and kind = 'dispute' and evidence->>'engagement_id' is not null),
  parties as (
    select acts.case_id, e.actor_id, e.target_id from acts join engagement e on e.id = acts.engagement_id
    union
    -- Applause for a reshare of the company's: whoever wrote what was reshared.
    select acts.case_id, r.actor_id, r.target_id
    from acts join engagement e on e.id = acts.engagement_id
    join called c on c.name = e.post_id join engagement r on r.id = c.engagement_id),
  accounts as (
    select case_id, actor_id as account_id from parties
    union select case_id, target_id from parties),
  concerned as (
    select id as case_id, person_id from case_file
    where id = any($1::bigint[]) and person_id is not null
    union
    select f.id, named.value::bigint
    from case_file f cross join lateral jsonb_array_elements_text(
      case when jsonb_typeof(f.evidence->'person_ids') = 'array'
           then f.evidence->'person_ids' else '[]' end) as named (value)
    where f.id = any($1::bigint[])
    union
    select case_id, person_id from accounts join ownership using (account_id)
    where person_id is not null
    union
    -- Whoever wrote what it is compared with.
    select named.case_id, o.person_id
    from (select id as case_id, jsonb_array_elements_text(
            case when jsonb_typeof(evidence->'like_post_ids') = 'array'
                 then evidence->'like_post_ids' else '[]' end)::uuid as post_id
          from case_file where id = any($1::bigint[])) named
    join post p on p.post_id = named.post_id join ownership o on o.account_id = p.author_id
    where o.person_id is not null)
"""


async def concerned(connection: Connection, case_id: int) -> frozenset[int]:
    """Everybody whose points a case touches, under whichever record of theirs."""
    rows = await connection.fetch(
        f"with {_ABOUT} select distinct person_id from concerned", [case_id]
    )
    everybody: set[int] = set()
    for row in rows:
        everybody |= await everyone_of(connection, row["person_id"])
    return frozenset(everybody)


async def touching(
    connection: Connection, case_ids: Sequence[int], person_id: int
) -> frozenset[int]:
    """Of these cases, those that touch this person's own points."""
    rows = await connection.fetch(
        f"with {_ABOUT} select distinct case_id from concerned where person_id = any($2::bigint[])",
        list(case_ids),
        list(await everyone_of(connection, person_id)),
    )
    return frozenset(row["case_id"] for row in rows)


async def whose_is_held(connection: Connection, case_id: int) -> frozenset[int]:
    """Everybody of whom a case holds something, however much it holds."""
    rows = await connection.fetch(
        f"""select distinct {_WHOSE} as person_id
            from hold h join engagement e on e.id = h.engagement_id
            where h.case_id = $1 and h.held""",
        case_id,
    )
    return frozenset(row["person_id"] for row in rows if row["person_id"] is not None)
