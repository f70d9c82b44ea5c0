"""Reading deeds back from the facts: by id, by name, by post, and by who stands on which side when.

Law: a deed is read with its best known time and with every removal and hold known at that moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from scoring.connection import Connection
from scoring.deed import Deed
from scoring.facts import Kind

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(9999, 1, 1, tzinfo=UTC)

_KINDS = {kind.value: kind for kind in Kind}
# In the order of Deed's fields.
_COLUMNS = """
  e.id, e.platform, e.kind, e.native_key, e.actor_id, e.target_id, e.post_id, e.thread_id,
  coalesce(moved.occurred_at, e.occurred_at) as occurred_at,
  exists (select 1 from removal r where r.native_key = e.native_key)
    or (named.total > 0 and named.total = named.gone) as removed,
  coalesce((select h.held from hold h where h.engagement_id = e.id order by h.id desc limit 1),
           false) as held,
  e.source
"""
_AROUND = """
  left join lateral (
    select occurred_at from retiming t where t.engagement_id = e.id
    order by t.dated = 'network' desc, t.occurred_at limit 1) moved on true
  cross join lateral (
    select count(*) as total, count(r.native_key) as gone
    from alias a left join removal r on r.native_key = a.native_key
    where a.engagement_id = e.id) named
"""


def _deed(row: Any) -> Deed:
    return _made(*row)


def _made(id: UUID, platform: str, kind: str, *rest: Any) -> Deed:
    return Deed(id, platform, _KINDS[kind], *rest)


async def by_id(connection: Connection, ids: Iterable[UUID]) -> list[Deed]:
    """The deeds with these ids."""
    rows = await connection.fetch(
        f"select {_COLUMNS} from engagement e {_AROUND} where e.id = any($1::uuid[])", list(ids)
    )
    return [_deed(row) for row in rows]


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
        f"""select {_COLUMNS} from (
              select e.* from engagement e where e.native_key = any($1::uuid[])
              union
              select e.* from alias a join engagement e on e.id = a.engagement_id
              where a.native_key = any($1::uuid[])) e {_AROUND}""",
        list(keys),
    )
    return [_deed(row) for row in rows]


async def making(connection: Connection, posts: Iterable[UUID]) -> list[tuple[UUID, Deed]]:
    """The deeds that made these posts, each with the name it was asked by.

    They are the posts themselves, or replies, quotes and reshares; a network may call one by
    several names.
    """
    rows = await connection.fetch(
        f"""select e.name, {_COLUMNS} from (
              select e.native_key as name, e.* from engagement e
              where e.native_key = any($1::uuid[])
              union all
              select a.native_key, e.* from alias a join engagement e on e.id = a.engagement_id
              where a.native_key = any($1::uuid[])) e {_AROUND}""",
        list(posts),
    )
    return [(name, _made(*deed)) for name, *deed in rows]


async def names_of(connection: Connection, deeds: Iterable[Deed]) -> set[UUID]:
    """Everything these deeds are called, so that what refers to them can be found."""
    known = list(deeds)
    rows = await connection.fetch(
        "select native_key from alias where engagement_id = any($1::uuid[])",
        [deed.id for deed in known],
    )
    return {deed.native_key for deed in known} | {row["native_key"] for row in rows}


async def on_posts(
    connection: Connection, posts: Iterable[UUID], kinds: Iterable[Kind] = Kind
) -> list[Deed]:
    """The deeds done to these posts."""
    rows = await connection.fetch(
        f"""select {_COLUMNS} from engagement e {_AROUND}
            where e.post_id = any($1::uuid[]) and e.kind = any($2::text[])""",
        list(posts),
        [kind.value for kind in kinds],
    )
    return [_deed(row) for row in rows]


async def reshares_by(
    connection: Connection, posts: Iterable[UUID], actors: Iterable[UUID]
) -> list[Deed]:
    """Reshares and quotes of these posts by these accounts."""
    rows = await connection.fetch(
        f"""select {_COLUMNS} from engagement e {_AROUND}
            where e.post_id = any($1::uuid[]) and e.kind in ('reshare', 'quote')
              and e.actor_id = any($2::uuid[])""",
        list(posts),
        list(actors),
    )
    return [_deed(row) for row in rows]


async def of_accounts_since(
    connection: Connection, accounts: Iterable[UUID], since_at: datetime
) -> list[Deed]:
    """Everything these accounts did, or that was done to them, from a moment on."""
    rows = await connection.fetch(
        f"""select {_COLUMNS} from (
              select e.* from engagement e
              where e.target_id = any($1::uuid[]) and e.occurred_at >= $2
              union
              select e.* from engagement e
              where e.actor_id = any($1::uuid[]) and e.occurred_at >= $2
              union
              select e.* from retiming t join engagement e on e.id = t.engagement_id
              where t.target_id = any($1::uuid[]) or t.actor_id = any($1::uuid[])) e {_AROUND}""",
        list(accounts),
        since_at,
    )
    deeds = [_deed(row) for row in rows]
    return [deed for deed in deeds if deed.occurred_at >= since_at]


async def applause_since(
    connection: Connection, authors: Iterable[UUID], company: Iterable[UUID], since_at: datetime
) -> list[Deed]:
    """What was done from a moment on to the company's reshares of these authors' posts."""
    rows = await connection.fetch(
        f"""select {_COLUMNS} from engagement e {_AROUND}
            where e.post_id in (select c.name from engagement r
                                join called c on c.engagement_id = r.id
                                where r.target_id = any($1::uuid[]) and r.actor_id = any($2::uuid[])
                                  and r.kind in ('reshare', 'quote'))""",
        list(authors),
        list(company),
    )
    deeds = [_deed(row) for row in rows]
    return [deed for deed in deeds if deed.occurred_at >= since_at]


class Probe(NamedTuple):
    """A question for deeds: the account or post on one side, a kind, and a stretch of time."""

    n: int  # whose question it is
    ref: UUID
    kind: Kind
    from_at: datetime
    to_at: datetime
    other: UUID | None  # only with this account on the other side, or None for any
    most: int  # no more than so many, the earliest
    but: UUID | None = None  # the deed that is known already and not asked for


class Found(NamedTuple):
    """A deed and whose question it answers."""

    n: int
    deed: Deed
    ref: UUID  # the probe's
    told_at: datetime | None  # where it stands in the index; None if it was moved into the time


# side of the probe → (column asked by index, column `other` filters)
_SIDES = {
    "target": ("target_id", "actor_id"),
    "actor": ("actor_id", "target_id"),
    "post": ("post_id", "actor_id"),
}


async def probe(connection: Connection, side: str, probes: Sequence[Probe]) -> list[Found]:
    """The first deeds of every probe in order of time, and those moved into its time."""
    if not probes:
        return []
    column, other = _SIDES[side]
    match = f"""{column} = q.ref and kind = q.kind and (q.other is null or {other} = q.other)
                  and occurred_at >= q.from_at and occurred_at < q.to_at"""
    rows = await connection.fetch(
        f"""with q as (select * from unnest($1::int[], $2::uuid[], $3::text[], $4::timestamptz[],
                         $5::timestamptz[], $6::uuid[], $7::int[], $8::uuid[])
                         as q(n, ref, kind, from_at, to_at, other, most, but))
            select e.n, e.ref, e.told_at, {_COLUMNS} from (
              select q.n, q.ref, first.occurred_at as told_at, first.* from q cross join lateral (
                select * from engagement where {match} and (q.but is null or id <> q.but)
                order by occurred_at limit q.most) first
              union all
              select q.n, q.ref, null, e.* from q cross join lateral (
                select engagement_id from retiming
                where {match} and (q.but is null or engagement_id <> q.but)) moved
              join engagement e on e.id = moved.engagement_id) e {_AROUND}""",
        [p.n for p in probes],
        [p.ref for p in probes],
        [p.kind.value for p in probes],
        [p.from_at for p in probes],
        [p.to_at for p in probes],
        [p.other for p in probes],
        [p.most for p in probes],
        [p.but for p in probes],
    )
    return [Found(n, _made(*deed), ref, told_at) for n, ref, told_at, *deed in rows]
