"""From a deed to the keys that count once: which rule, which window, which key. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scoring.attribution import Attribution
from scoring.books import Books
from scoring.deed import UNMARKED, Deed, Surroundings
from scoring.identity import credit_key
from scoring.rules import Rule, Rulebook, Window


class Credit(NamedTuple):
    """A deed seen by one rule: the key it stands behind, in the window it falls into."""

    person_id: int
    rule: Rule
    window: Window
    book: Rulebook
    key: UUID
    at: datetime
    deed: Deed

    @property
    def identity(self) -> tuple[int, str, str]:
        """The window it falls into, as `DirtyWindow.identity` says it."""
        return self.person_id, self.rule.name, self.window.name


def credits(
    seen: Attribution, books: Books, around: Surroundings, only: Container[str] | None = None
) -> Iterator[Credit]:
    """Every credit a deed stands behind, were it not refused: one per rule, or per topic of its post.

    `only` asks for the rules of these names and no others.
    """
    deed, relation, person_id = seen.deed, seen.relation, seen.person_id
    if relation is None or person_id is None:
        return
    marks = around.marks.get(seen.post_id, UNMARKED) if seen.post_id else UNMARKED
    published_at = around.published.get(seen.post_id) if seen.post_id else None
    post = seen.post_id.hex if seen.post_id else None
    for name in books.names_for(relation, deed.kind):
        if only is not None and name not in only:
            continue
        ruling = books.ruling(name, deed.occurred_at, post, published_at)
        if ruling is None:
            continue
        rule, window, book = ruling
        for parts in named_parts(rule, seen, marks.topics, books):
            key = credit_key(*parts)
            yield Credit(person_id, rule, window, book, key, deed.occurred_at, deed)


def named_parts(
    rule: Rule, seen: Attribution, topics: frozenset[str], books: Books
) -> Iterator[tuple[object, ...]]:
    """What the keys of a deed under a rule are made of, in the order of its `credit`.

    One, or one per topic of its post; none where the rule does not look for such a deed, or counts people
    and the network names none.
    """
    if not _matches(rule, seen, topics) or ("actor" in rule.credit and seen.deed.actor_id is None):
        return
    for topic in _topics(rule, topics):
        yield tuple(_part(part, seen, topic, books) for part in rule.credit)


def _matches(rule: Rule, seen: Attribution, topics: frozenset[str]) -> bool:
    if rule.relation is not seen.relation or seen.deed.kind not in rule.kinds:
        return False
    if not rule.takes(seen.deed.platform):
        return False
    return rule.topics is None or not rule.topics.isdisjoint(topics)


def _topics(rule: Rule, topics: frozenset[str]) -> list[str]:
    if "topic" not in rule.credit:
        return [""]
    return sorted(topics if rule.topics is None else topics & rule.topics)


def _part(part: str, seen: Attribution, topic: str, books: Books) -> object:
    deed = seen.deed
    value: object
    match part:
        case "actor":
            value = deed.actor_id
        case "target":
            value = deed.target_id
        case "post":
            value = seen.post_id
        case "thread":
            value = deed.thread_id or deed.post_id
        case "day":
            value = deed.occurred_at.astimezone(books.zone).date()
        case "platform":
            value = deed.platform
        case _:
            value = topic
    return "" if value is None else value
