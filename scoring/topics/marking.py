"""Lists and people say which topics posts have.

Laws: everything said is a fact and stays; a person's newest word about a post and a topic stands before
any list's; what was taken off gives back exactly what it gave; nobody sets topics on a post of their
own but as its author, who says at most three.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from scoring.accounts import NotYours, accounts_of
from scoring.audit import record_audit
from scoring.changes import note
from scoring.connection import Connection
from scoring.records import everyone_of
from scoring.topics.keeping import load_topic_lists, topics_in_use
from scoring.topics.lists import Found
from scoring.topics.posts import OPEN, WRITTEN
from scoring.topics.said import AUTHOR, COMMUNICATIONS, topics_of

MOST_OF_A_POST: Final = (
    3  # topics that an author may add up to: a post is about something, not everything
)


class TopicNotSet(Exception):
    """A topic cannot be put on or taken off a post; the message says why."""


class Telling(NamedTuple):
    """A post as one delivery told it."""

    published_at: datetime
    hashtags: tuple[str, ...]
    text: str | None
    known_at: datetime


async def mark_by_lists(
    connection: Connection, told: Mapping[UUID, Sequence[Telling]]
) -> set[UUID]:
    """Give posts the topics that lists find in what was told of them; returns posts that got one."""
    lists = await load_topic_lists(connection)
    found: dict[tuple[UUID, Found], datetime] = {}
    for post, tellings in told.items():
        for one in tellings:
            for which in lists.found_in(one.published_at, one.hashtags, one.text):
                known = found.get((post, which), one.known_at)
                found[post, which] = min(known, one.known_at)
    return await insert_found(connection, found)


async def insert_found(
    connection: Connection,
    found: Mapping[tuple[UUID, Found], datetime],
    *,
    reason: str | None = None,
    by: int | None = None,
) -> set[UUID]:
    """Store what lists found, each word of a post once; returns the posts with something new."""
    if not found:
        return set()
    ordered = sorted(found)
    rows = await connection.fetch(
        """insert into topic_mark
             (post_id, topic, source, word, stands, reason, person_id, effective_at, recorded_at)
           select f.post_id, f.topic, f.source, f.word, true, $6::text, $7::bigint, f.at, f.at
           from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
             as f (post_id, topic, source, word, at)
           on conflict do nothing returning post_id""",
        [post for post, _ in ordered],
        [one.topic for _, one in ordered],
        [one.source for _, one in ordered],
        [one.word for _, one in ordered],
        [found[key] for key in ordered],
        reason,
        by,
    )
    return {row["post_id"] for row in rows}


async def choose_topic(
    connection: Connection, post_id: UUID, topic: str, *, by: int, stands: bool, now: datetime
) -> bool:
    """The author puts a topic on a post of their own or takes one off; returns whether it changed.

    Raises NotYours for somebody else's post, TopicNotSet for a topic there is not, for more than
    three, and for one that communications took off.
    """
    if not await _is_own_now(connection, post_id, by, now):
        raise NotYours(str(post_id))
    await _in_turn(connection, post_id)
    here = {one.topic: one for one in (await topics_of(connection, [post_id]))[post_id]}
    old = here.get(topic)
    if (old is not None and old.stands) == stands:
        return False
    if stands:
        if topic not in await topics_in_use(connection):
            raise TopicNotSet("There is no such topic any more; choose another.")
        if old is not None and old.source == COMMUNICATIONS:
            raise TopicNotSet("Communications took this topic off this post; ask them.")
        if sum(one.stands for one in here.values()) >= MOST_OF_A_POST:
            raise TopicNotSet(f"A post has {MOST_OF_A_POST} topics at most: take one off first.")
    await _say(connection, post_id, topic, AUTHOR, stands, by, now)
    return True


async def set_topic(
    connection: Connection,
    post_id: UUID,
    topic: str,
    *,
    by: int,
    stands: bool,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Communications puts a topic on a colleague's post or takes one off; returns whether it changed.

    Raises TopicNotSet for a topic there is not, for what is no colleague's post or one that
    communications may not look at (`posts.OPEN`), and for one of their own. The company's posts are
    no colleague's: whoever passed one on would decide about themselves.
    """
    if await ever_own(connection, [post_id], by):
        raise TopicNotSet("This is a post of yours: choose its topics as its author, under Me.")
    open_to_all = await connection.fetchval(
        f"""with {WRITTEN.format(which="p.post_id = $1")}
            select exists (select from written w where {OPEN})""",
        post_id,
    )
    if not open_to_all:
        raise TopicNotSet("There is no such post of a colleague that they let count.")
    await _in_turn(connection, post_id)
    here = {one.topic: one for one in (await topics_of(connection, [post_id]))[post_id]}
    old = here.get(topic)
    if (old is not None and old.stands) == stands:
        return False
    if stands and topic not in await topics_in_use(connection):
        raise TopicNotSet("There is no such topic any more; choose another.")
    await _say(connection, post_id, topic, COMMUNICATIONS, stands, by, now, reason)
    return True


async def ever_own(connection: Connection, posts: Iterable[UUID], person_id: int) -> set[UUID]:
    """Which of these posts were written with an account that is or ever was the person's, under
    whichever record of theirs."""
    rows = await connection.fetch(
        """select distinct p.post_id from post p join ownership o on o.account_id = p.author_id
           where p.post_id = any($1::uuid[]) and o.person_id = any($2::bigint[])""",
        list(posts),
        list(await everyone_of(connection, person_id)),
    )
    return {row["post_id"] for row in rows}


async def _is_own_now(connection: Connection, post_id: UUID, person_id: int, now: datetime) -> bool:
    """Whether the person wrote it, with an account that was theirs then and is now."""
    accounts = [account.id for account in await accounts_of(connection, person_id, now)]
    own = await connection.fetchval(
        """select (select o.person_id from ownership o
                   where o.account_id = p.author_id and o.effective_at <= p.published_at
                   order by o.effective_at desc, o.id desc limit 1) = $2 and p.author_id = any($3::uuid[])
           from post p where p.post_id = $1 order by p.published_at, p.author_id limit 1""",
        post_id,
        person_id,
        accounts,
    )
    return bool(own)


async def _in_turn(connection: Connection, post_id: UUID) -> None:
    """One word about a post at a time, so that the newest word is one."""
    await connection.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 7))", f"topics of {post_id}"
    )


async def _say(
    connection: Connection,
    post_id: UUID,
    topic: str,
    source: str,
    stands: bool,
    by: int,
    now: datetime,
    reason: str | None = None,
) -> None:
    await connection.execute(
        """insert into topic_mark
             (post_id, topic, source, word, stands, reason, person_id, effective_at, recorded_at)
           values ($1, $2, $3, null, $4, $5, $6, $7, $7)""",
        post_id,
        topic,
        source,
        stands,
        reason,
        by,
        now,
    )
    await note(connection, posts=[post_id])
    action = "topic_put_on" if stands else "topic_taken_off"
    await record_audit(
        connection, by, action, f"post:{post_id}", {"topic": topic, "as": source}, now
    )
