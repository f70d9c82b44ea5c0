"""Storing what deliveries tell, a batch at a time.

Laws: a fact told twice is stored once; what concerns neither a linked account nor the company is not
kept; every stored fact is followed by a `change`, so that its consequences are folded after commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scoring.connection import Connection
from scoring.facts import Delivery, Engagement, Figure, Post, Removal, Snapshot, Telling
from scoring.identity import account_id, engagement_id, native_key


class Told(NamedTuple):
    """A delivery and what its adapter read in it."""

    delivery: Delivery
    telling: Telling

    @property
    def platform(self) -> str:
        """The network the facts are about."""
        return self.telling.platform or self.delivery.platform


class _Row(NamedTuple):
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

    def better(self, other: _Row) -> bool:
        """Whether this telling's time is to be believed rather than the other's."""
        return (self.dated != "network", self.occurred_at) < (
            other.dated != "network",
            other.occurred_at,
        )


async def store(
    connection: Connection, told: Sequence[Told], *, now: datetime, disclosure_tag: str = ""
) -> int:
    """Store the facts of a batch inside the caller's transaction; returns how many were new.

    Rows are written in order of their keys, so that two workers never wait for each other in a ring.
    """
    known = await _known_accounts(connection, told)
    engagements = _engagement_rows(told, known)
    new = await _insert_engagements(connection, engagements, now)
    retimed = await _retime(connection, [r for r in engagements if r.id not in new], now)
    names, removed = await _insert_names(connection, told, {r.id for r in engagements}, now)
    posts = await _insert_posts(connection, told, known, now, disclosure_tag)
    posts |= await _insert_figures(connection, told, now)
    snapshots = await _insert_snapshots(connection, told, known, now)
    await _note_changes(connection, new | retimed | names, removed, posts)
    return len(new) + len(removed) + len(posts) + snapshots


def _account(platform: str, native_id: str | None) -> UUID | None:
    return None if native_id is None else account_id(platform, native_id)


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


async def _known_accounts(connection: Connection, told: Sequence[Told]) -> set[UUID]:
    parties = {
        party
        for one in told
        for fact in one.telling.facts
        for party in _parties(one.platform, fact)
    }
    rows = await connection.fetch(
        "select id from account where id = any($1::uuid[])", list(parties)
    )
    return {row["id"] for row in rows}


def _engagement_rows(told: Sequence[Told], known: set[UUID]) -> list[_Row]:
    best: dict[UUID, _Row] = {}
    for one in told:
        platform = one.platform
        for fact in one.telling.facts:
            if not isinstance(fact, Engagement):
                continue
            row = _row(one.delivery, platform, fact)
            if row.actor_id not in known and row.target_id not in known:
                continue
            other = best.get(row.id)
            if other is None or row.better(other):
                best[row.id] = row
    return [best[key] for key in sorted(best)]


def _row(delivery: Delivery, platform: str, fact: Engagement) -> _Row:
    target = _account(platform, fact.target)
    told_at = fact.occurred_at
    return _Row(
        id=engagement_id(platform, fact.kind, fact.native_id, target),
        platform=platform,
        kind=fact.kind.value,
        native_id=fact.native_id,
        native_key=native_key(platform, fact.native_id),
        actor_id=_account(platform, fact.actor),
        target_id=target,
        post_id=None if fact.post is None else native_key(platform, fact.post),
        thread_id=None if fact.thread is None else native_key(platform, fact.thread),
        occurred_at=delivery.received_at if told_at is None else min(told_at, delivery.received_at),
        dated="received" if told_at is None else "network",
        source=delivery.source,
        delivery_id=delivery.id,
    )


async def _insert_engagements(
    connection: Connection, rows: Sequence[_Row], now: datetime
) -> set[UUID]:
    if not rows:
        return set()
    inserted = await connection.fetch(
        """insert into engagement (id, platform, kind, native_id, native_key, actor_id, target_id,
             post_id, thread_id, occurred_at, dated, source, delivery_id, recorded_at)
           select *, $14::timestamptz from unnest($1::uuid[], $2::text[], $3::text[], $4::text[],
             $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::timestamptz[],
             $11::text[], $12::text[], $13::bigint[])
           on conflict do nothing returning id""",
        *zip(*rows, strict=True),
        now,
    )
    return {row["id"] for row in inserted}


async def _retime(connection: Connection, rows: Sequence[_Row], now: datetime) -> set[UUID]:
    """Keep a better time of engagements told before as a fact of its own."""
    if not rows:
        return set()
    inserted = await connection.fetch(
        """insert into retiming (engagement_id, kind, actor_id, target_id, post_id, occurred_at,
                                 dated, recorded_at)
           select e.id, e.kind, e.actor_id, e.target_id, e.post_id, n.occurred_at, n.dated, $4
           from unnest($1::uuid[], $2::timestamptz[], $3::text[]) as n(id, occurred_at, dated)
           join engagement e on e.id = n.id
           where (n.dated = 'network' and e.dated = 'received')
              or (n.dated = e.dated and n.occurred_at < e.occurred_at)
           order by e.id
           on conflict do nothing returning engagement_id""",
        [row.id for row in rows],
        [row.occurred_at for row in rows],
        [row.dated for row in rows],
        now,
    )
    return {row["engagement_id"] for row in inserted}


async def _insert_names(
    connection: Connection, told: Sequence[Told], kept: set[UUID], now: datetime
) -> tuple[set[UUID], set[UUID]]:
    """Further names of engagements, and removals; returns (renamed engagements, removed keys)."""
    aliases: set[tuple[UUID, UUID]] = set()
    removals: dict[UUID, tuple[str, str, int]] = {}
    for one in told:
        for fact in one.telling.facts:
            if isinstance(fact, Removal):
                key = native_key(one.platform, fact.native_id)
                removals[key] = (one.platform, fact.native_id, one.delivery.id)
            elif isinstance(fact, Engagement) and fact.also:
                row = _row(one.delivery, one.platform, fact)
                if row.id in kept:
                    aliases |= {(row.id, native_key(one.platform, name)) for name in fact.also}
    renamed: set[UUID] = set()
    if aliases:
        pairs = sorted(aliases)
        rows = await connection.fetch(
            """insert into alias (engagement_id, native_key, recorded_at)
               select *, $3::timestamptz from unnest($1::uuid[], $2::uuid[])
               on conflict do nothing returning engagement_id""",
            [pair[0] for pair in pairs],
            [pair[1] for pair in pairs],
            now,
        )
        renamed = {row["engagement_id"] for row in rows}
    if not removals:
        return renamed, set()
    keys = sorted(removals)
    rows = await connection.fetch(
        """insert into removal (native_key, platform, native_id, delivery_id, recorded_at)
           select *, $5::timestamptz from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[])
           on conflict do nothing returning native_key""",
        keys,
        [removals[key][0] for key in keys],
        [removals[key][1] for key in keys],
        [removals[key][2] for key in keys],
        now,
    )
    return renamed, {row["native_key"] for row in rows}


async def _insert_posts(
    connection: Connection, told: Sequence[Told], known: set[UUID], now: datetime, tag: str
) -> set[UUID]:
    """Posts of known accounts with their text and marks; returns posts that changed."""
    rows: dict[tuple[UUID, datetime, UUID], tuple[str, str]] = {}
    texts: dict[UUID, tuple[str | None, str | None]] = {}
    marks: set[tuple[UUID, str, str | None]] = set()
    for one in told:
        for fact in one.telling.facts:
            if not isinstance(fact, Post) or account_id(one.platform, fact.author) not in known:
                continue
            post = native_key(one.platform, fact.native_id)
            published_at = min(fact.published_at, one.delivery.received_at)
            author = account_id(one.platform, fact.author)
            rows[post, published_at, author] = (one.platform, fact.native_id)
            if fact.text is not None or fact.url is not None:
                texts[post] = (fact.text, fact.url)
            if tag and discloses(fact.text, fact.topics, tag):
                marks.add((post, "disclosed", None))
            marks |= {(post, "topic", topic) for topic in fact.topics if topic}
    if not rows:
        return set()
    keys = sorted(rows)
    inserted = await connection.fetch(
        """insert into post (post_id, published_at, author_id, platform, native_id, recorded_at)
           select *, $6::timestamptz
           from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[])
           on conflict do nothing returning post_id""",
        [key[0] for key in keys],
        [key[1] for key in keys],
        [key[2] for key in keys],
        [rows[key][0] for key in keys],
        [rows[key][1] for key in keys],
        now,
    )
    await _keep_texts(connection, texts, now)
    marked = await _insert_marks(connection, marks, now)
    return {row["post_id"] for row in inserted} | marked


def discloses(text: str | None, topics: Sequence[str], tag: str) -> bool:
    """Whether a post carries the company's disclosure, as a hashtag or in its text."""
    plain = tag.casefold()
    return (
        plain.removeprefix("#") in {t.casefold() for t in topics}
        or plain in (text or "").casefold().split()
    )


async def _keep_texts(
    connection: Connection, texts: dict[UUID, tuple[str | None, str | None]], now: datetime
) -> None:
    posts = sorted(texts)
    await connection.execute(
        """insert into post_text (post_id, text, url, recorded_at)
           select *, $4::timestamptz from unnest($1::uuid[], $2::text[], $3::text[])
           on conflict (post_id) do update set text = coalesce(excluded.text, post_text.text),
             url = coalesce(excluded.url, post_text.url), recorded_at = excluded.recorded_at""",
        posts,
        [texts[post][0] for post in posts],
        [texts[post][1] for post in posts],
        now,
    )


async def _insert_marks(
    connection: Connection, marks: set[tuple[UUID, str, str | None]], now: datetime
) -> set[UUID]:
    if not marks:
        return set()
    ordered = sorted(marks, key=lambda mark: (mark[0], mark[1], mark[2] or ""))
    rows = await connection.fetch(
        """insert into mark (post_id, name, value, effective_at, recorded_at)
           select *, $4::timestamptz, $4::timestamptz
           from unnest($1::uuid[], $2::text[], $3::text[])
           on conflict do nothing returning post_id""",
        [mark[0] for mark in ordered],
        [mark[1] for mark in ordered],
        [mark[2] for mark in ordered],
        now,
    )
    return {row["post_id"] for row in rows}


async def _insert_figures(connection: Connection, told: Sequence[Told], now: datetime) -> set[UUID]:
    rows = {
        (
            native_key(one.platform, fact.post),
            fact.kind.value,
            fact.observed_at or one.delivery.received_at,
            one.delivery.source,
            fact.value,
        )
        for one in told
        for fact in one.telling.facts
        if isinstance(fact, Figure)
    }
    if not rows:
        return set()
    inserted = await connection.fetch(
        """insert into figure (post_id, kind, observed_at, source, value, recorded_at)
           select *, $6::timestamptz from unnest($1::uuid[], $2::text[], $3::timestamptz[],
             $4::text[], $5::bigint[])
           on conflict do nothing returning post_id""",
        *zip(*sorted(rows), strict=True),
        now,
    )
    return {row["post_id"] for row in inserted}


async def _insert_snapshots(
    connection: Connection, told: Sequence[Told], known: set[UUID], now: datetime
) -> int:
    rows = {
        (
            account_id(one.platform, fact.account),
            fact.observed_at or one.delivery.received_at,
            one.delivery.source,
            fact.followers,
        )
        for one in told
        for fact in one.telling.facts
        if isinstance(fact, Snapshot)
    }
    kept = sorted(row for row in rows if row[0] in known)
    if not kept:
        return 0
    inserted = await connection.fetch(
        """insert into snapshot (account_id, observed_at, source, followers, recorded_at)
           select *, $5::timestamptz
           from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::bigint[])
           on conflict do nothing returning account_id""",
        *zip(*kept, strict=True),
        now,
    )
    return len(inserted)


async def _note_changes(
    connection: Connection, engagements: set[UUID], natives: set[UUID], posts: set[UUID]
) -> None:
    subjects = [("engagement", key) for key in engagements]
    subjects += [("native", key) for key in natives]
    subjects += [("post", key) for key in posts]
    if subjects:
        await connection.execute(
            "insert into change (subject, subject_id) select * from unnest($1::text[], $2::uuid[])",
            [subject for subject, _ in subjects],
            [key for _, key in subjects],
        )
