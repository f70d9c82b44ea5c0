"""Asking for the first deeds of many sides and stretches of time at once, each by an index.

Law: a probe reads no more than it asked for, however much happened there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from scoring.connection import Connection
from scoring.deed import Deed
from scoring.deeds import columns, deed_of, joined
from scoring.facts import Kind
from scoring.sight import ALL, Cutoff

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(9999, 1, 1, tzinfo=UTC)


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


async def probe(
    connection: Connection, side: str, probes: Sequence[Probe], cutoff: Cutoff = ALL
) -> list[Found]:
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
            select e.n, e.ref, e.told_at, {columns(cutoff)} from (
              select q.n, q.ref, first.occurred_at as told_at, first.* from q cross join lateral (
                select * from engagement where {match} and (q.but is null or id <> q.but)
                  {cutoff.facts("engagement")}
                order by occurred_at limit q.most) first
              union all
              select q.n, q.ref, null, e.* from q cross join lateral (
                select engagement_id from retiming
                where {match} and (q.but is null or engagement_id <> q.but)
                  {cutoff.facts("retiming")}) moved
              join engagement e on e.id = moved.engagement_id{cutoff.facts("e")}) e {joined(cutoff)}""",
        [p.n for p in probes],
        [p.ref for p in probes],
        [p.kind.value for p in probes],
        [p.from_at for p in probes],
        [p.to_at for p in probes],
        [p.other for p in probes],
        [p.most for p in probes],
        [p.but for p in probes],
    )
    return [Found(n, deed_of(deed), ref, told_at) for n, ref, told_at, *deed in rows]
