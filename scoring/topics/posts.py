"""Posts as people look at them to say what they are about: one's own, and colleagues'.

Laws: of one's own posts everything is shown; of a colleague's only what they let count by a deed of
their own (handed in, disclosed, a story) or what the company reshared for everybody to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from scoring.connection import Connection
from scoring.topics.said import Stands, topics_of

# When and whose: the earliest telling, with who owned the account then; what is gone is left out. Said of
# each telling by itself, so that the newest few are found by a walk along the index, however many there are;
# with `offset 0` PostgreSQL asks about each post, and does not read everybody's deeds and marks first.
WRITTEN: Final = """
written as (
  select p.post_id, p.platform, p.published_at, p.author_id, o.person_id, o.counts
  from post p
  cross join lateral (
    select person_id, counts from ownership
    where account_id = p.author_id and effective_at <= p.published_at
    order by effective_at desc, id desc limit 1) o
  where o.person_id is not null and {which}
    and not exists (select from post t where t.post_id = p.post_id
                      and (t.published_at, t.author_id) < (p.published_at, p.author_id) offset 0)
    and not exists (select from removal r where r.native_key = p.post_id offset 0)
    -- What answers somebody or passes something on is no post of one's own to be about something.
    and not exists (select from engagement e where e.native_key = p.post_id
                      and e.kind in ('reply', 'reshare') offset 0))
"""
MOST_COUNTED: Final = 10_000  # posts, the newest: a month of a company of several thousand
# What a colleague let count by a deed of theirs, or the company reshared.
OPEN: Final = """
  (exists (select from mark m where m.post_id = w.post_id
             and m.name in ('handed_in', 'disclosed', 'story') offset 0)
   or exists (select from engagement e join lateral (
                select company from ownership
                where account_id = e.actor_id and effective_at <= e.occurred_at
                order by effective_at desc, id desc limit 1) a on a.company
              where e.post_id = w.post_id and e.kind in ('reshare', 'quote')
                and not exists (select from removal r where r.native_key = e.native_key offset 0)
              offset 0))
"""


@dataclass(frozen=True, slots=True)
class TopicalPost:
    """A post with the topics that stand and that stood."""

    post_id: UUID
    person_id: int  # who wrote it
    platform: str
    published_at: datetime
    text: str | None
    url: str | None
    said: list[Stands]

    @property
    def topics(self) -> list[Stands]:
        """Those that stand."""
        return [one for one in self.said if one.stands]


async def own_posts(
    connection: Connection, person_id: int, *, before: datetime, limit: int
) -> list[TopicalPost]:
    """The newest posts that a person wrote before a moment, newest first."""
    which = """p.author_id in (select account_id from ownership where person_id = $1)
               and o.person_id = $1 and p.published_at < $2"""
    rows = await connection.fetch(
        f"""with {WRITTEN.format(which=which)}
            select w.*, t.text, t.url from written w left join post_text t using (post_id)
            order by w.published_at desc, w.post_id limit $3""",
        person_id,
        before,
        limit,
    )
    return await _with_topics(connection, rows)


async def own_post(connection: Connection, person_id: int, post_id: UUID) -> TopicalPost | None:
    """One of a person's posts; None if it is none of theirs."""
    rows = await connection.fetch(
        f"""with {WRITTEN.format(which="p.post_id = $2 and o.person_id = $1")}
            select w.*, t.text, t.url from written w left join post_text t using (post_id)""",
        person_id,
        post_id,
    )
    found = await _with_topics(connection, rows)
    return found[0] if found else None


async def open_posts(
    connection: Connection, *, since: datetime, before: datetime, limit: int, untold: bool = False
) -> list[TopicalPost]:
    """Colleagues' posts published in [since, before) that communications may look at, newest first.

    `untold` asks for those of which nobody and no list has said a topic.
    """
    silent = """and not exists (select from topic_mark k where k.post_id = w.post_id offset 0)
                and not exists (select from mark k where k.post_id = w.post_id and k.name = 'topic'
                                offset 0)"""
    rows = await connection.fetch(
        f"""with {WRITTEN.format(which="p.published_at >= $1 and p.published_at < $2")}
            select w.*, t.text, t.url from written w cross join lateral (
              select text, url from post_text x where x.post_id = w.post_id offset 0) t
            where t.text is not null and {OPEN} {silent if untold else ""}
            order by w.published_at desc, w.post_id limit $3""",
        since,
        before,
        limit,
    )
    return await _with_topics(connection, rows)


async def topic_counts(connection: Connection, *, since: datetime) -> dict[str, int]:
    """How many posts published since then have which topic, of the newest `MOST_COUNTED` that may count."""
    rows = await connection.fetch(
        f"""with {WRITTEN.format(which="p.published_at >= $1")},
            counting as (
              select post_id from written w where {OPEN} or w.counts = 'every'
              order by w.published_at desc, w.post_id limit {MOST_COUNTED}),
            said as (
              select distinct on (post_id, topic) post_id, topic, stands from (
                select post_id, topic, stands, case when word is null then id end as nth
                from topic_mark where post_id in (select post_id from counting)
                union all
                select post_id, value, true, null from mark
                where name = 'topic' and post_id in (select post_id from counting)) each
              order by post_id, topic, nth desc nulls last)
            select topic, count(*)::int as posts from said where stands group by 1""",
        since,
    )
    return {row["topic"]: row["posts"] for row in rows}


async def _with_topics(connection: Connection, rows: list[Any]) -> list[TopicalPost]:
    said = await topics_of(connection, [row["post_id"] for row in rows])
    return [
        TopicalPost(
            row["post_id"], row["person_id"], row["platform"], row["published_at"], row["text"],
            row["url"], said[row["post_id"]],
        )
        for row in rows
    ]  # fmt: skip
