"""Storing what networks count: figures of posts, followers of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from scoring.changes import note_snapshots
from scoring.connection import Connection
from scoring.facts import Figure, Snapshot
from scoring.identity import account_id, native_key
from scoring.store.told import Told
from scoring.touched import touch_owners


async def insert_figures(connection: Connection, told: Sequence[Told], now: datetime) -> set[UUID]:
    """Store counts without names; returns the posts that they are new for."""
    rows = {
        (
            native_key(one.platform, fact.post),
            fact.kind.value,
            fact.observed_at or one.delivery.received_at,
            one.delivery.source,
            fact.value,
        ): one.known_at or now
        for one in _latest_first(told, now)
        for fact in one.telling.facts
        if isinstance(fact, Figure)
    }
    if not rows:
        return set()
    inserted = await connection.fetch(
        """insert into figure (post_id, kind, observed_at, source, value, recorded_at)
           select * from unnest($1::uuid[], $2::text[], $3::timestamptz[],
             $4::text[], $5::bigint[], $6::timestamptz[])
           on conflict do nothing returning post_id""",
        *zip(*sorted(rows), strict=True),
        [rows[row] for row in sorted(rows)],
    )
    return {row["post_id"] for row in inserted}


async def insert_snapshots(
    connection: Connection, told: Sequence[Told], known: set[UUID], now: datetime
) -> int:
    """Store follower counts of known accounts, touch and note them; returns how many were new."""
    rows = {
        (
            account_id(one.platform, fact.account),
            fact.observed_at or one.delivery.received_at,
            one.delivery.source,
            fact.followers,
        ): one.known_at or now
        for one in _latest_first(told, now)
        for fact in one.telling.facts
        if isinstance(fact, Snapshot)
    }
    kept = sorted(row for row in rows if row[0] in known)
    if not kept:
        return 0
    inserted = await connection.fetch(
        """insert into snapshot (account_id, observed_at, source, followers, recorded_at)
           select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::bigint[],
             $5::timestamptz[])
           on conflict do nothing returning account_id, observed_at""",
        *zip(*kept, strict=True),
        [rows[row] for row in kept],
    )
    if inserted:
        await touch_owners(connection, {row["account_id"] for row in inserted})
        await note_snapshots(connection, [tuple(row) for row in inserted])
    return len(inserted)


def _latest_first(told: Sequence[Told], now: datetime) -> list[Told]:
    """So that of several tellings of the same the earliest says since when it is known."""
    return sorted(told, key=lambda one: one.known_at or now, reverse=True)
