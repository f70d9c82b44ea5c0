"""Storing engagements, their better times and further names, and what removes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scoring.connection import Connection
from scoring.facts import Delivery, Engagement, Removal
from scoring.identity import account_id, engagement_id, native_key
from scoring.store.told import Told


class Row(NamedTuple):
    """An engagement as its table holds it."""

    id: UUID
    platform: str
    kind: str
    native_id: str
    native_key: UUID
    actor_id: UUID | None
    target_id: UUID | None
    post_id: UUID | None
    thread_id: UUID | None
    occurred_at: datetime
    dated: str
    source: str
    delivery_id: int
    known_at: datetime

    def better(self, other: Row) -> bool:
        """Whether this telling's time is to be believed rather than the other's."""
        return (self.dated != "network", self.occurred_at) < (
            other.dated != "network",
            other.occurred_at,
        )


def _account(platform: str, native_id: str | None) -> UUID | None:
    return None if native_id is None else account_id(platform, native_id)


def engagement_rows(told: Sequence[Told], known: set[UUID], now: datetime) -> list[Row]:
    """The engagements of a batch that concern a known account, in order of id.

    One that was told more than once comes by its first telling, followed by those with a better time
    that became known later: each is known from its own receipt on, as if batches had been cut there.
    """
    tellings: dict[UUID, list[Row]] = defaultdict(list)
    for one in told:
        platform = one.platform
        for fact in one.telling.facts:
            if not isinstance(fact, Engagement):
                continue
            row = _row(one.delivery, platform, fact, one.known_at or now)
            if row.actor_id not in known and row.target_id not in known:
                continue
            tellings[row.id].append(row)
    rows: list[Row] = []
    for key in sorted(tellings):
        if len(tellings[key]) == 1:
            rows += tellings[key]
            continue
        told_before: Row | None = None
        for row in sorted(tellings[key], key=lambda one: one.known_at):
            if told_before is None or row.better(told_before):
                rows.append(row)
                told_before = row
    return rows


def first_tellings(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The first row of every engagement, and those that follow with better times."""
    first = {row.id: row for row in reversed(rows)}
    return list(reversed(first.values())), [row for row in rows if first[row.id] is not row]


def _row(delivery: Delivery, platform: str, fact: Engagement, known_at: datetime) -> Row:
    target = _account(platform, fact.target)
    told_at = fact.occurred_at
    received_at = delivery.received_at
    return Row(
        engagement_id(platform, fact.kind, fact.native_id, target),
        platform,
        fact.kind.value,
        fact.native_id,
        native_key(platform, fact.native_id),
        _account(platform, fact.actor),
        target,
        None if fact.post is None else native_key(platform, fact.post),
        None if fact.thread is None else native_key(platform, fact.thread),
        received_at if told_at is None else min(told_at, received_at),
        "received" if told_at is None else "network",
        delivery.source,
        delivery.id,
        known_at,
    )


async def insert_engagements(connection: Connection, rows: Sequence[Row]) -> set[UUID]:
    """Store the engagements that are new; returns their ids."""
    if not rows:
        return set()
    inserted = await connection.fetch(
        """insert into engagement (id, platform, kind, native_id, native_key, actor_id, target_id,
             post_id, thread_id, occurred_at, dated, source, delivery_id, recorded_at)
           select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[],
             $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::timestamptz[],
             $11::text[], $12::text[], $13::bigint[], $14::timestamptz[])
           on conflict do nothing returning id""",
        *zip(*rows, strict=True),
    )
    return {row["id"] for row in inserted}


async def retime(connection: Connection, rows: Sequence[Row]) -> set[UUID]:
    """Keep a better time of engagements told before as a fact of its own."""
    if not rows:
        return set()
    inserted = await connection.fetch(
        """insert into retiming (engagement_id, kind, actor_id, target_id, post_id, occurred_at,
                                 dated, recorded_at)
           select e.id, e.kind, e.actor_id, e.target_id, e.post_id, n.occurred_at, n.dated, n.known_at
           from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::timestamptz[])
             as n(id, occurred_at, dated, known_at)
           join engagement e on e.id = n.id
           where (n.dated = 'network' and e.dated = 'received')
              or (n.dated = e.dated and n.occurred_at < e.occurred_at)
           order by e.id, n.known_at
           on conflict do nothing returning engagement_id""",
        [row.id for row in rows],
        [row.occurred_at for row in rows],
        [row.dated for row in rows],
        [row.known_at for row in rows],
    )
    return {row["engagement_id"] for row in inserted}


async def insert_names(
    connection: Connection, told: Sequence[Told], kept: set[UUID], now: datetime
) -> tuple[set[UUID], set[UUID]]:
    """Further names of engagements, and removals; returns (renamed engagements, removed keys)."""
    aliases: dict[tuple[UUID, UUID], datetime] = {}
    removals: dict[UUID, tuple[str, str, int, datetime]] = {}
    for one in sorted(told, key=lambda one: one.known_at or now, reverse=True):
        known_at = one.known_at or now
        for fact in one.telling.facts:
            if isinstance(fact, Removal):
                key = native_key(one.platform, fact.native_id)
                removals[key] = (one.platform, fact.native_id, one.delivery.id, known_at)
            elif isinstance(fact, Engagement) and fact.also:
                row = _row(one.delivery, one.platform, fact, known_at)
                if row.id in kept:
                    for name in fact.also:
                        aliases[row.id, native_key(one.platform, name)] = known_at
    renamed: set[UUID] = set()
    if aliases:
        pairs = sorted(aliases)
        rows = await connection.fetch(
            """insert into alias (engagement_id, native_key, recorded_at)
               select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[])
               on conflict do nothing returning engagement_id""",
            [pair[0] for pair in pairs],
            [pair[1] for pair in pairs],
            [aliases[pair] for pair in pairs],
        )
        renamed = {row["engagement_id"] for row in rows}
    if not removals:
        return renamed, set()
    keys = sorted(removals)
    rows = await connection.fetch(
        """insert into removal (native_key, platform, native_id, delivery_id, recorded_at)
           select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[],
             $5::timestamptz[])
           on conflict do nothing returning native_key""",
        keys,
        [removals[key][0] for key in keys],
        [removals[key][1] for key in keys],
        [removals[key][2] for key in keys],
        [removals[key][3] for key in keys],
    )
    return renamed, {row["native_key"] for row in rows}
