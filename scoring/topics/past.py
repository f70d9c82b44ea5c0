"""A list and the posts there are already: which of them it would find, and giving them the topic.

Laws: only posts that may count are looked at; looking changes nothing; giving it to the past is said by
a person with a reason, as new facts, and never for a post of their own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from scoring.audit import record_audit
from scoring.changes import note
from scoring.connection import Connection
from scoring.topics.folding import folded
from scoring.topics.keeping import topics
from scoring.topics.lists import Found, TopicList
from scoring.topics.marking import TopicNotSet, ever_own, insert_found
from scoring.topics.posts import MOST_COUNTED, OPEN, WRITTEN, TopicalPost
from scoring.topics.said import topics_of

MOST_LOOKED_AT: Final = 5_000  # posts: a month of a large company, read in a moment


@dataclass(frozen=True, slots=True)
class WouldFind:
    """What a list finds among the posts of a time."""

    looked_at: int
    finds: int  # posts
    already: int  # of these, how many have the topic or had it taken off
    words: dict[str, int]  # by how many posts each word was found in
    examples: list[tuple[TopicalPost, list[Found]]]  # of posts that may be shown, newest first


async def would_find(
    connection: Connection,
    list_: TopicList,
    *,
    since: datetime,
    before: datetime,
    examples: int = 5,
) -> WouldFind:
    """Which posts published in [since, before) a list finds; the newest few thousand are looked at."""
    rows = await _posts(connection, since, before)
    found = [(row, list_.finds(row["hashtags"], row["text"])) for row in rows]
    found = [(row, words) for row, words in found if words]
    said = await topics_of(connection, [row["post_id"] for row, _ in found])
    by_word: dict[str, int] = {}
    for _, words in found:
        for one in words:
            shown = f"#{one.word}" if one.source == "hashtag" else one.word
            by_word[shown] = by_word.get(shown, 0) + 1
    return WouldFind(
        looked_at=len(rows),
        finds=len(found),
        already=sum(any(one.topic == list_.topic for one in said[row["post_id"]]) for row, _ in found),
        words=dict(sorted(by_word.items(), key=lambda one: (-one[1], one[0]))),
        examples=[
            (_shown(row, said[row["post_id"]]), words) for row, words in found if row["open"]
        ][:examples],
    )  # fmt: skip


async def give_to_past(
    connection: Connection,
    slug: str,
    *,
    since: datetime,
    reason: str,
    by: int,
    now: datetime,
) -> tuple[int, int]:
    """Give the topic to posts published since then that its list finds as it is now.

    Returns how many posts got something new and how many of one's own were left out. What a person
    took off stays off. Raises TopicNotSet for a topic that is not in use.
    """
    list_ = next(
        (one for one in await topics(connection) if one.topic == slug and one.active), None
    )
    if list_ is None:
        raise TopicNotSet("There is no such topic any more.")
    rows = await _posts(connection, since, now)
    words = {row["post_id"]: list_.finds(row["hashtags"], row["text"]) for row in rows}
    own = await ever_own(connection, [post for post, found in words.items() if found], by)
    wanted = {(post, one): now for post, found in words.items() if post not in own for one in found}
    given = await insert_found(connection, wanted, reason=reason, by=by)
    await note(connection, posts=sorted(given))
    detail = {
        "since": since.isoformat(),
        "posts": len(given),
        "version": list_.id,
        "reason": reason,
    }
    await record_audit(connection, by, "topic_given_to_past", f"topic:{slug}", detail, now)
    return len(given), len(own)


async def _posts(connection: Connection, since: datetime, before: datetime) -> list[Any]:
    """The newest posts of a time that may count, with their hashtags and what is left of their text."""
    which = "p.published_at >= $1 and p.published_at < $2"
    rows: list[Any] = await connection.fetch(
        f"""with {WRITTEN.format(which=which)}, seen as (
              select w.*, {OPEN} as open from written w)
            select w.*, t.text, t.url, array(
                select k.value from mark k where k.post_id = w.post_id
                  and k.name in ('hashtag', 'topic')) as hashtags
            from seen w left join lateral (
              select text, url from post_text x where x.post_id = w.post_id offset 0) t on true
            where w.open or w.counts = 'every'
            order by w.published_at desc, w.post_id limit $3""",
        since,
        before,
        MOST_LOOKED_AT,
    )
    return rows


def _shown(row: Any, said: Any) -> TopicalPost:
    return TopicalPost(
        row["post_id"], row["person_id"], row["platform"], row["published_at"], row["text"],
        row["url"], said,
    )  # fmt: skip


async def hashtags_without_topic(
    connection: Connection, *, since: datetime, known: Collection[str], least: int, limit: int
) -> list[tuple[str, int]]:
    """The hashtags that most people used since then, without those `known`, with how many people; of the
    newest `MOST_COUNTED` posts that may count.

    Of fewer than `least` people no hashtag is told: it would be somebody's.
    """
    rows = await connection.fetch(
        f"""with {WRITTEN.format(which="p.published_at >= $1")}, counting as (
              select w.post_id, w.person_id from written w where {OPEN} or w.counts = 'every'
              order by w.published_at desc, w.post_id limit {MOST_COUNTED})
            select m.value as tag, count(distinct w.person_id)::int as people
            from counting w join mark m on m.post_id = w.post_id and m.name = 'hashtag'
            group by 1 having count(distinct w.person_id) >= $2
            order by 2 desc, 1 limit $3""",
        since,
        least,
        limit + len(known),
    )
    left_out = {folded(tag) for tag in known}
    return [(row["tag"], row["people"]) for row in rows if folded(row["tag"]) not in left_out][
        :limit
    ]
