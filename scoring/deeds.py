"""Reading deeds back from the facts: by id, by name, by post, by account.

Law: a deed is read with its best known time and with every removal and hold known at that moment; with
a cutoff, with those that were recorded by then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from scoring.connection import Connection
from scoring.deed import Deed
from scoring.facts import Kind
from scoring.sight import ALL, Cutoff

_KINDS = {kind.value: kind for kind in Kind}


@lru_cache(maxsize=64)
def columns(cutoff: Cutoff = ALL) -> str:
    """What a deed is read from, in the order of its fields; needs `joined` beside `engagement e`."""
    return f"""
  e.id, e.platform, e.kind, e.native_key, e.actor_id, e.target_id, e.post_id, e.thread_id,
  coalesce(moved.occurred_at, e.occurred_at) as occurred_at,
  exists (select 1 from removal r where r.native_key = e.native_key{cutoff.facts("r")})
    or (named.total > 0 and named.total = named.gone) as removed,
  coalesce((select h.held from hold h where h.engagement_id = e.id{cutoff.holds("h")}
            order by h.id desc limit 1),
           false) as held,
  e.source
"""


@lru_cache(maxsize=64)
def joined(cutoff: Cutoff = ALL) -> str:
    """The joins that `columns` needs."""
    return f"""
  left join lateral (
    select occurred_at from retiming t where t.engagement_id = e.id{cutoff.facts("t")}
    order by t.dated = 'network' desc, t.occurred_at limit 1) moved on true
  cross join lateral (
    select count(*) as total, count(r.native_key) as gone
    from alias a left join removal r on r.native_key = a.native_key{cutoff.facts("r")}
    where a.engagement_id = e.id{cutoff.facts("a")}) named
"""


def deed_of(row: Iterable[Any]) -> Deed:
    """The deed of a row that has `columns`, in their order."""
    id, platform, kind, *rest = row
    return Deed(id, platform, _KINDS[kind], *rest)


async def by_id(connection: Connection, ids: Iterable[UUID], cutoff: Cutoff = ALL) -> list[Deed]:
    """The deeds with these ids."""
    rows = await connection.fetch(
        f"""select {columns(cutoff)} from engagement e {joined(cutoff)}
            where e.id = any($1::uuid[]){cutoff.facts("e")}""",
        list(ids),
    )
    return [deed_of(row) for row in rows]


async def as_told(connection: Connection, ids: Iterable[UUID]) -> list[Deed]:
    """The deeds with these ids as they were first told: what never changes of them."""
    rows = await connection.fetch(
        """select id, platform, kind, native_key, actor_id, target_id, post_id, thread_id,
             occurred_at, false, false, source
           from engagement where id = any($1::uuid[])""",
        list(ids),
    )
    return [deed_of(row) for row in rows]


async def as_known(connection: Connection, told: Sequence[Deed]) -> list[Deed]:
    """The same deeds with all that became known of them since; of nearly all nothing did."""
    if not told:
        return []
    rows = await connection.fetch(
        """select engagement_id from retiming where engagement_id = any($1::uuid[])
           union select engagement_id from alias where engagement_id = any($1::uuid[])
           union select engagement_id from hold where engagement_id = any($1::uuid[])
           union select t.id from unnest($1::uuid[], $2::uuid[]) as t(id, native_key)
                 join removal r using (native_key)""",
        [deed.id for deed in told],
        [deed.native_key for deed in told],
    )
    known = {row[0] for row in rows}
    changed = await by_id(connection, known) if known else []
    return [*(deed for deed in told if deed.id not in known), *changed]


async def other_times(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, list[datetime]]:
    """Every time that was ever told of deeds that were told with more than one."""
    rows = await connection.fetch(
        """select engagement_id as id, occurred_at from retiming
           where engagement_id = any($1::uuid[])
           union
           select e.id, e.occurred_at from engagement e
           where e.id = any($1::uuid[])
             and exists (select from retiming t where t.engagement_id = e.id)""",
        list(ids),
    )
    times: dict[UUID, list[datetime]] = defaultdict(list)
    for row in rows:
        times[row["id"]].append(row["occurred_at"])
    return times


async def by_native_key(connection: Connection, keys: Iterable[UUID]) -> list[Deed]:
    """The deeds that a network calls by one of these names, the second names included."""
    rows = await connection.fetch(
        f"""select {columns()} from (
              select e.* from engagement e where e.native_key = any($1::uuid[])
              union
              select e.* from alias a join engagement e on e.id = a.engagement_id
              where a.native_key = any($1::uuid[])) e {joined()}""",
        list(keys),
    )
    return [deed_of(row) for row in rows]


async def making(
    connection: Connection, posts: Iterable[UUID], cutoff: Cutoff = ALL
) -> list[tuple[UUID, Deed]]:
    """The deeds that made these posts, each with the name it was asked by.

    They are the posts themselves, or replies, quotes and reshares; a network may call one by
    several names.
    """
    rows = await connection.fetch(
        f"""select e.name, {columns(cutoff)} from (
              select e.native_key as name, e.* from engagement e
              where e.native_key = any($1::uuid[]){cutoff.facts("e")}
              union all
              select a.native_key, e.* from alias a join engagement e on e.id = a.engagement_id
              where a.native_key = any($1::uuid[]){cutoff.facts("a")}{cutoff.facts("e")}
            ) e {joined(cutoff)}""",
        list(posts),
    )
    return [(name, deed_of(deed)) for name, *deed in rows]


async def names_of(connection: Connection, deeds: Iterable[Deed]) -> set[UUID]:
    """Everything these deeds are called, so that what refers to them can be found."""
    known = list(deeds)
    rows = await connection.fetch(
        "select native_key from alias where engagement_id = any($1::uuid[])",
        [deed.id for deed in known],
    )
    return {deed.native_key for deed in known} | {row["native_key"] for row in rows}


async def on_posts(
    connection: Connection,
    posts: Iterable[UUID],
    kinds: Iterable[Kind] = Kind,
    cutoff: Cutoff = ALL,
) -> list[Deed]:
    """The deeds done to these posts."""
    rows = await connection.fetch(
        f"""select {columns(cutoff)} from engagement e {joined(cutoff)}
            where e.post_id = any($1::uuid[]) and e.kind = any($2::text[]){cutoff.facts("e")}""",
        list(posts),
        [kind.value for kind in kinds],
    )
    return [deed_of(row) for row in rows]


async def reshares_by(
    connection: Connection, posts: Iterable[UUID], actors: Iterable[UUID], cutoff: Cutoff = ALL
) -> list[Deed]:
    """Reshares and quotes of these posts by these accounts."""
    # Post by post: asked for all at once, PostgreSQL reads whatever these accounts ever reshared.
    rows = await connection.fetch(
        f"""select {columns(cutoff)} from (select distinct unnest($1::uuid[]) as post_id) p
            cross join lateral (
              select * from engagement e
              where e.post_id = p.post_id and e.kind in ('reshare', 'quote')
                and e.actor_id = any($2::uuid[]){cutoff.facts("e")} offset 0) e {joined(cutoff)}""",
        list(posts),
        list(actors),
    )
    return [deed_of(row) for row in rows]


async def of_accounts_since(
    connection: Connection, accounts: Iterable[UUID], since_at: datetime
) -> list[Deed]:
    """Everything these accounts did, or that was done to them, from a moment on."""
    rows = await connection.fetch(
        f"""select {columns()} from (
              select e.* from engagement e
              where e.target_id = any($1::uuid[]) and e.occurred_at >= $2
              union
              select e.* from engagement e
              where e.actor_id = any($1::uuid[]) and e.occurred_at >= $2
              union
              select e.* from retiming t join engagement e on e.id = t.engagement_id
              where t.target_id = any($1::uuid[]) or t.actor_id = any($1::uuid[])) e {joined()}""",
        list(accounts),
        since_at,
    )
    deeds = [deed_of(row) for row in rows]
    return [deed for deed in deeds if deed.occurred_at >= since_at]


async def applause_since(
    connection: Connection, authors: Iterable[UUID], company: Iterable[UUID], since_at: datetime
) -> list[Deed]:
    """What was done from a moment on to the company's reshares of these authors' posts."""
    rows = await connection.fetch(
        f"""select {columns()} from engagement e {joined()}
            where e.post_id in (select c.name from engagement r
                                join called c on c.engagement_id = r.id
                                where r.target_id = any($1::uuid[]) and r.actor_id = any($2::uuid[])
                                  and r.kind in ('reshare', 'quote'))""",
        list(authors),
        list(company),
    )
    deeds = [deed_of(row) for row in rows]
    return [deed for deed in deeds if deed.occurred_at >= since_at]
