"""Storing posts of known accounts, with their texts and what they say of themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from scoring.connection import Connection
from scoring.facts import Post
from scoring.identity import account_id, native_key
from scoring.store.told import Told
from scoring.topics.marking import Telling, mark_by_lists


async def insert_posts(
    connection: Connection, told: Sequence[Told], known: set[UUID], now: datetime, tag: str
) -> set[UUID]:
    """Posts of known accounts with their text, marks and topics; returns posts that changed."""
    rows: dict[tuple[UUID, datetime, UUID], tuple[str, str, datetime]] = {}
    texts: dict[UUID, tuple[str | None, str | None]] = {}
    marks: dict[tuple[UUID, str, str | None], datetime] = {}
    topical: dict[UUID, list[Telling]] = defaultdict(list)
    for one in told:  # in order: of several texts the last stands
        known_at = one.known_at or now
        for fact in one.telling.facts:
            if not isinstance(fact, Post) or account_id(one.platform, fact.author) not in known:
                continue
            post = native_key(one.platform, fact.native_id)
            published_at = min(fact.published_at, one.delivery.received_at)
            author = account_id(one.platform, fact.author)
            key = post, published_at, author
            since_at = min(known_at, rows[key][2]) if key in rows else known_at
            rows[key] = (one.platform, fact.native_id, since_at)
            if fact.text is not None or fact.url is not None:
                texts[post] = (fact.text, fact.url)
            if tag and discloses(fact.text, fact.topics, tag):
                mark: tuple[UUID, str, str | None] = (post, "disclosed", None)
                marks[mark] = min(known_at, marks.get(mark, known_at))
            for hashtag in filter(None, fact.topics):
                mark = (post, "hashtag", hashtag)
                marks[mark] = min(known_at, marks.get(mark, known_at))
            topical[post].append(Telling(published_at, fact.topics, fact.text, known_at))
    if not rows:
        return set()
    keys = sorted(rows)
    inserted = await connection.fetch(
        """insert into post (post_id, published_at, author_id, platform, native_id, recorded_at)
           select * from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[],
             $6::timestamptz[])
           on conflict do nothing returning post_id""",
        [key[0] for key in keys],
        [key[1] for key in keys],
        [key[2] for key in keys],
        [rows[key][0] for key in keys],
        [rows[key][1] for key in keys],
        [rows[key][2] for key in keys],
    )
    await _keep_texts(connection, texts, now)
    marked = await _insert_marks(connection, marks)
    marked |= await mark_by_lists(connection, topical)
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
    connection: Connection, marks: Mapping[tuple[UUID, str, str | None], datetime]
) -> set[UUID]:
    if not marks:
        return set()
    ordered = sorted(marks, key=lambda mark: (mark[0], mark[1], mark[2] or ""))
    rows = await connection.fetch(
        """insert into mark (post_id, name, value, effective_at, recorded_at)
           select *, m.known_at from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
             as m (post_id, name, value, known_at)
           on conflict do nothing returning post_id""",
        [mark[0] for mark in ordered],
        [mark[1] for mark in ordered],
        [mark[2] for mark in ordered],
        [marks[mark] for mark in ordered],
    )
    return {row["post_id"] for row in rows}
