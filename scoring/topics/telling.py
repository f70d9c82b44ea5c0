"""Why a topic gave points: which topic, whether for the first time, and who or what said so.

Law: only topics whose key stands in the ledger are named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple
from uuid import UUID

from scoring.attribution import Attribution
from scoring.books import Books
from scoring.connection import Connection
from scoring.credits import credits
from scoring.deed import UNMARKED, Surroundings
from scoring.rules import Rule
from scoring.topics.keeping import topic_names
from scoring.topics.said import Stands, topics_of

_WITHIN: Final = {
    "day": "that day", "week": "that week", "month": "that month", "season": "that season",
    "post": "under that post",
}  # fmt: skip
_BY: Final = {
    "hashtag": "it has #{word}",
    "keyword": "it says “{word}”",
    "author": "you said so",
    "communications": "communications said so",
}


class Paid(NamedTuple):
    """What a rule gave for a deed: the keys that hold points."""

    one: Attribution
    rule: str
    keys: Collection[UUID]


async def abouts(
    connection: Connection, paid: Iterable[Paid], books: Books, around: Surroundings
) -> dict[tuple[UUID | None, str | None], tuple[str, ...]]:
    """A sentence for every topic by which a deed counted, by deed and rule."""
    asked = [
        (each, rule)
        for each in paid
        if each.one.post_id is not None
        and (rule := _rule_of(each, books, around)) is not None
        and ("topic" in rule.credit or rule.topics is not None)
    ]
    if not asked:
        return {}
    names = await topic_names(connection)
    posts = {each.one.post_id for each, _ in asked if each.one.post_id is not None}
    said = await topics_of(connection, sorted(posts))
    told: dict[tuple[UUID | None, str | None], tuple[str, ...]] = {}
    for each, rule in asked:
        post = each.one.post_id
        assert post is not None, "those without a post were left out"
        standing = [one for one in said[post] if one.stands]
        told[each.one.deed.id, each.rule] = tuple(
            _sentence(rule, one, names)
            for one in standing
            if _keys(each, post, one.topic, books, around) & set(each.keys)
        )
    return told


def _rule_of(each: Paid, books: Books, around: Surroundings) -> Rule | None:
    deed = each.one.deed
    published_at = around.published.get(each.one.post_id) if each.one.post_id else None
    post = each.one.post_id.hex if each.one.post_id else None
    ruling = books.ruling(each.rule, deed.occurred_at, post, published_at)
    return None if ruling is None else ruling[0]


def _keys(each: Paid, post: UUID, topic: str, books: Books, around: Surroundings) -> set[UUID]:
    """The keys of the deed, had its post this topic alone."""
    alone = replace(around.marks.get(post, UNMARKED), topics=frozenset({topic}))
    supposed = replace(around, marks={**around.marks, post: alone})
    return {credit.key for credit in credits(each.one, books, supposed, only=(each.rule,))}


def _sentence(rule: Rule, one: Stands, names: Mapping[str, str]) -> str:
    name = names.get(one.topic, f"#{one.topic}")
    because = _BY[one.source].format(word=one.word)
    if "topic" not in rule.credit:
        return f"About {name}: {because}."
    first = _WITHIN[rule.per] if rule.repeats else "so far"
    what = "Your first post" if rule.relation == "authored" else "The first"
    return f"{what} about {name} {first}: {because}."
