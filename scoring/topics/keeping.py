"""The company's topics and their lists, as communications keeps them.

Laws: a change is a new version that holds from the next minute on, for posts published from then on;
nothing earlier moves; a topic that is retired finds nothing more and stays where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from scoring.audit import record_audit
from scoring.connection import Connection
from scoring.topics.folding import folded, is_of_a_word
from scoring.topics.lists import TopicList, TopicLists

MOST_TOPICS: Final = 60  # in use: more, and nobody finds theirs among them
MOST_WORDS: Final = (
    100  # hashtags, and keywords, of one topic: every new post is asked about all of them
)
LONGEST_WORD: Final = 60  # letters of a hashtag or keyword
SHORTEST_KEYWORD: Final = 2  # letters: "AI" is a word, a single letter stands everywhere
_JOINERS: Final = (
    "\u200c\u200d"  # unseen, and part of words in Persian, in Indian scripts and of emoji
)


class TopicRefused(Exception):
    """A topic cannot be like this; `field` is what it is about, the message why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


async def load_topic_lists(connection: Connection) -> TopicLists:
    """All versions of all lists."""
    rows = await connection.fetch(
        """select id, topic, name, hashtags, keywords, active, valid_from from topic_list order by id"""
    )
    return TopicLists(_list_of(row) for row in rows)


async def topics(connection: Connection) -> list[TopicList]:
    """The newest version of every topic, also of those retired, by name."""
    rows = await connection.fetch(
        """select distinct on (topic) id, topic, name, hashtags, keywords, active, valid_from
           from topic_list order by topic, id desc"""
    )
    return sorted(map(_list_of, rows), key=lambda one: (folded(one.name), one.topic))


async def topics_in_use(connection: Connection) -> dict[str, str]:
    """The names of the topics that posts can be given, by slug, in the order of names."""
    return {one.topic: one.name for one in await topics(connection) if one.active}


async def topic_names(connection: Connection) -> dict[str, str]:
    """The names of all topics there ever were, by slug."""
    return {one.topic: one.name for one in await topics(connection)}


async def add_topic(
    connection: Connection,
    name: str,
    hashtags: Sequence[str],
    keywords: Sequence[str],
    *,
    by: int | None,
    now: datetime,
) -> TopicList:
    """Add a topic with its list. Raises TopicRefused."""
    slug = slug_of(name)
    if not slug:
        raise TopicRefused("name", "Give it a name with letters, such as “Safety”.")
    await _in_turn(connection)
    known = await topics(connection)
    same = next(
        (one for one in known if folded(one.name) == folded(name) or one.topic == slug), None
    )
    if same is not None:
        words = f"There is a topic “{same.name}” already" + ("." if same.active else ", retired.")
        raise TopicRefused("name", words)
    if sum(one.active for one in known) >= MOST_TOPICS:
        raise TopicRefused("name", f"There are {MOST_TOPICS} topics; retire one first.")
    await connection.execute("insert into topic values ($1, $2, $3)", slug, by, now)
    return await _put(connection, slug, name, hashtags, keywords, True, by, now)


async def change_topic(
    connection: Connection,
    slug: str,
    name: str,
    hashtags: Sequence[str],
    keywords: Sequence[str],
    *,
    active: bool = True,
    by: int | None,
    now: datetime,
) -> TopicList | None:
    """Give a topic another name or list, retire it or take it up again; None where nothing changed.

    Raises TopicRefused.
    """
    await _in_turn(connection)
    known = {one.topic: one for one in await topics(connection)}
    old = known.get(slug)
    if old is None:
        raise TopicRefused("name", "There is no such topic.")
    if any(folded(one.name) == folded(name) for one in known.values() if one is not old):
        raise TopicRefused("name", "Another topic has this name.")
    if active and not old.active and sum(one.active for one in known.values()) >= MOST_TOPICS:
        raise TopicRefused("name", f"There are {MOST_TOPICS} topics; retire one first.")
    wanted = name, checked_hashtags(hashtags), checked_keywords(keywords), active
    if wanted == (old.name, old.hashtags, old.keywords, old.active):
        return None
    return await _put(connection, slug, name, hashtags, keywords, active, by, now)


async def _put(
    connection: Connection,
    slug: str,
    name: str,
    hashtags: Sequence[str],
    keywords: Sequence[str],
    active: bool,
    by: int | None,
    now: datetime,
) -> TopicList:
    tags, words = checked_hashtags(hashtags), checked_keywords(keywords)
    row = await connection.fetchrow(
        """insert into topic_list
             (topic, name, hashtags, keywords, active, person_id, valid_from, recorded_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           returning id, topic, name, hashtags, keywords, active, valid_from""",
        slug, name, tags, words, active, by, next_minute(now), now,
    )  # fmt: skip
    assert row is not None, "an insert returns what it inserted"
    detail = {
        "hashtags": list(tags),
        "keywords": list(words),
        "in_use": active,
        "version": row["id"],
    }
    await record_audit(connection, by, "topic_set", f"topic:{slug}", detail, now)
    return _list_of(row)


def next_minute(now: datetime) -> datetime:
    """When a version begins to hold: after it is stored, so that no post is read under the one before."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def slug_of(name: str) -> str:
    """What rules call a topic of this name: 'Work & life' is 'work-life'."""
    letters = [letter if is_of_a_word(letter) else " " for letter in name.lower()]
    return "-".join("".join(letters).split())[:LONGEST_WORD]


def checked_hashtags(hashtags: Sequence[str]) -> tuple[str, ...]:
    """The hashtags without '#', each once; raises TopicRefused for what can be none."""
    tags = [tag.strip().lstrip("#＃") for tag in hashtags]
    for tag in tags:
        if tag and not all(is_of_a_word(letter) for letter in folded(tag)):
            raise TopicRefused("hashtags", f"“{tag}” is no hashtag: letters and digits only.")
    return _each_once(tags, "hashtags")


def checked_keywords(keywords: Sequence[str]) -> tuple[str, ...]:
    """The keywords, each once; raises TopicRefused for what can be none."""
    words = [" ".join(word.split()) for word in keywords]
    for word in words:
        plain = folded(word)
        if word and not any(is_of_a_word(letter) for letter in plain):
            raise TopicRefused("keywords", f"“{word}” has no letter.")
        if word and len(plain) < SHORTEST_KEYWORD and plain.isascii():
            raise TopicRefused("keywords", f"“{word}” is too short: it stands in every text.")
    return _each_once(words, "keywords")


def _each_once(words: Sequence[str], field: str) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for word in words:
        if len(word) > LONGEST_WORD:
            raise TopicRefused(field, f"“{word[:20]}…” is longer than {LONGEST_WORD} letters.")
        if any(not letter.isprintable() and letter not in _JOINERS for letter in word):
            raise TopicRefused(field, "One of them has characters that cannot be seen.")
        if word:
            kept.setdefault(folded(word), word)
    if len(kept) > MOST_WORDS:
        raise TopicRefused(field, f"Use at most {MOST_WORDS}.")
    return tuple(kept.values())


async def _in_turn(connection: Connection) -> None:
    """One change of topics at a time: names and their number are counted before."""
    await connection.execute("select pg_advisory_xact_lock($1)", _TURN)


_TURN: Final = 0x746F706963  # "topic"


_made = lru_cache(maxsize=512)(TopicList)  # its words are folded once a process


def _list_of(row: Any) -> TopicList:
    return _made(
        row["id"], row["topic"], row["name"], tuple(row["hashtags"]), tuple(row["keywords"]),
        row["active"], row["valid_from"],
    )  # fmt: skip
