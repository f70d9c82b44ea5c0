"""Storing what deliveries tell, a batch at a time.

Laws: a fact told twice is stored once; what concerns neither a linked account nor the company is not
kept; every stored fact is followed by a `change`, so that its consequences are folded after commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from scoring import changes
from scoring.connection import Connection
from scoring.facts import Engagement, Post, Snapshot
from scoring.identity import account_id
from scoring.store.counts import insert_figures, insert_snapshots
from scoring.store.engagements import (
    Row,
    engagement_rows,
    first_tellings,
    insert_engagements,
    insert_names,
    retime,
)
from scoring.store.posts import insert_posts
from scoring.store.told import Told


async def store(
    connection: Connection, told: Sequence[Told], *, now: datetime, disclosure_tag: str = ""
) -> int:
    """Store the facts of a batch inside the caller's transaction; returns how many were new.

    Rows are written in order of their keys, so that two workers never wait for each other in a ring.
    """
    owners = await _known_accounts(connection, told)
    known = set(owners)
    engagements = engagement_rows(told, known, now)
    first, better = first_tellings(engagements)
    new = await insert_engagements(connection, first)
    retimed = await retime(connection, [r for r in first if r.id not in new] + better)
    names, removed = await insert_names(connection, told, {r.id for r in engagements}, now)
    posts = await insert_posts(connection, told, known, now, disclosure_tag)
    posts |= await insert_figures(connection, told, now)
    snapshots = await insert_snapshots(connection, told, known, now)
    await changes.note(
        connection,
        engagements=new | retimed | names,
        natives=removed,
        posts=posts,
        whose=_mainly(first, owners),
    )
    return len(new) + len(removed) + len(posts) + snapshots


def _parties(platform: str, fact: object) -> list[UUID]:
    match fact:
        case Engagement():
            sides = (fact.actor, fact.target)
            return [account_id(platform, side) for side in sides if side is not None]
        case Post():
            return [account_id(platform, fact.author)]
        case Snapshot():
            return [account_id(platform, fact.account)]
    return []


async def _known_accounts(connection: Connection, told: Sequence[Told]) -> dict[UUID, int | None]:
    """The accounts of the batch that are linked or were, each with its last person; else None."""
    parties = {
        party
        for one in told
        for fact in one.telling.facts
        for party in _parties(one.platform, fact)
    }
    rows = await connection.fetch(
        """select a.id, (select o.person_id from ownership o
                         where o.account_id = a.id and o.person_id is not null
                         order by o.effective_at desc limit 1)
           from account a where a.id = any($1::uuid[])""",
        list(parties),
    )
    return dict(map(tuple, rows))


def _mainly(rows: Iterable[Row], owners: Mapping[UUID, int | None]) -> dict[UUID, int]:
    """Whom each engagement mainly concerns: to whom it was done, else who did it."""
    mainly: dict[UUID, int] = {}
    for row in rows:
        whose = owners.get(row.target_id) if row.target_id is not None else None
        if whose is None and row.actor_id is not None:
            whose = owners.get(row.actor_id)
        if whose is not None:
            mainly[row.id] = whose
    return mainly
