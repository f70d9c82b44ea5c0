"""Give and take: what people gave the company and what the company gave back.

Law: a reshare stands on the wall while it stands on the network, and is credited to who owned the post
when it was reshared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scoring import deeds as reading
from scoring.attribution import attribute
from scoring.connection import Connection
from scoring.probes import END
from scoring.relation import Relation
from scoring.surround import company_accounts, surround


@dataclass(frozen=True, slots=True)
class Reshare:
    """The company's reshare of a person's post."""

    person_id: int
    post_id: UUID
    platform: str
    occurred_at: datetime
    points: int
    url: str | None
    text: str | None


async def wall(
    connection: Connection, *, limit: int, before: datetime | None = None
) -> list[Reshare]:
    """The newest reshares of people's posts, newest first; those that count for nobody are left out."""
    rows = await connection.fetch(
        """select id from engagement where actor_id = any($1::uuid[]) and kind in ('reshare', 'quote')
             and occurred_at < $2 order by occurred_at desc limit $3""",
        await company_accounts(connection),
        before or END,
        limit * 4,  # some are of strangers' posts, undone, or of people who left
    )
    deeds = await reading.by_id(connection, [row["id"] for row in rows])
    around = await surround(connection, deeds)
    found: dict[UUID, tuple[int, UUID, str, datetime]] = {}
    for deed in sorted(deeds, key=lambda one: one.occurred_at, reverse=True):
        seen = attribute(deed, around)
        if seen.relation is not Relation.RESHARED or seen.refusal is not None:
            continue
        if seen.person_id is not None and seen.post_id is not None and len(found) < limit:
            found[deed.id] = (seen.person_id, seen.post_id, deed.platform, deed.occurred_at)
    points = await _points(connection, found)
    texts = await connection.fetch(
        "select post_id, text, url from post_text where post_id = any($1::uuid[])",
        [post for _, post, _, _ in found.values()],
    )
    told = {row["post_id"]: (row["text"], row["url"]) for row in texts}
    return [
        Reshare(person, post, platform, at, points.get(id, 0),
                told.get(post, (None, None))[1], told.get(post, (None, None))[0])
        for id, (person, post, platform, at) in found.items()
    ]  # fmt: skip


async def _points(
    connection: Connection, found: dict[UUID, tuple[int, UUID, str, datetime]]
) -> dict[UUID, int]:
    rows = await connection.fetch(
        """select e.engagement_id, sum(e.points)::int as points
           from unnest($1::bigint[], $2::timestamptz[], $3::uuid[]) as r(person_id, at, id)
           join entry e on e.person_id = r.person_id and e.occurred_at = r.at
             and e.engagement_id = r.id
           group by 1""",
        [person for person, _, _, _ in found.values()],
        [at for _, _, _, at in found.values()],
        list(found),
    )
    return {row["engagement_id"]: row["points"] for row in rows}


@dataclass(frozen=True, slots=True)
class Balance:
    """Company stories a person shared, and posts of theirs the company reshared."""

    given: int
    received: int


# Live reshares and quotes between the company and people, with the person who owned the account then.
_BETWEEN = """
  select owner.person_id, e.post_id
  from engagement e
  join lateral (
    select o.person_id from ownership o where o.account_id = e.{person} and o.effective_at <= e.occurred_at
    order by o.effective_at desc, o.id desc limit 1) owner on owner.person_id is not null
  where e.{company} = any($1::uuid[]) and e.kind in ('reshare', 'quote')
    and e.occurred_at >= $2 and e.occurred_at < $3
    and not exists (select 1 from removal r where r.native_key = e.native_key)
    and (not exists (select 1 from alias a where a.engagement_id = e.id)
         or exists (select 1 from alias a where a.engagement_id = e.id and not exists (
              select 1 from removal r where r.native_key = a.native_key)))
"""
_GIVEN = _BETWEEN.format(company="target_id", person="actor_id")
_RECEIVED = _BETWEEN.format(company="actor_id", person="target_id")


async def balances(
    connection: Connection, person_ids: list[int], *, start_at: datetime, end_at: datetime
) -> dict[int, Balance]:
    """What these people gave and received in [start, end); each post once."""
    rows = await connection.fetch(
        f"""select person_id, sum(given)::int as given, sum(received)::int as received from (
              select person_id, count(distinct post_id) as given, 0 as received
              from ({_GIVEN}) g where person_id = any($4::bigint[]) group by 1
              union all
              select person_id, 0, count(distinct post_id)
              from ({_RECEIVED}) r where person_id = any($4::bigint[]) group by 1) both_ways
            group by 1""",
        await company_accounts(connection),
        start_at,
        end_at,
        person_ids,
    )
    found = {row["person_id"]: Balance(row["given"], row["received"]) for row in rows}
    return {person: found.get(person, Balance(0, 0)) for person in person_ids}


async def give_back_rate(
    connection: Connection, *, start_at: datetime, end_at: datetime
) -> float | None:
    """Of the people who shared the company's stories, the part whose posts it reshared; None without any."""
    row = await connection.fetchrow(
        f"""with gave as (select distinct person_id from ({_GIVEN}) g),
                 got as (select distinct person_id from ({_RECEIVED}) r)
            select (select count(*) from gave) as gave,
                   (select count(*) from gave join got using (person_id)) as both_ways""",
        await company_accounts(connection),
        start_at,
        end_at,
    )
    return None if row is None or not row["gave"] else row["both_ways"] / row["gave"]
