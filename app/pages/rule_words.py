"""A rule of the rulebook as sentences and a small table. Pure.

Law: every number on the page comes from the rulebook, none is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from scoring import Rule, platforms

_WHO: Final = {
    "earned": "Somebody outside the company {deeds}.",
    "conversed": "You answer somebody who wrote to you or to the company.",
    "shared": "You share a story of the company’s account.",
    "reshared": "The company’s account shares a post of yours.",
    "echo": "People outside the company react to the company’s reshare of your post.",
    "authored": "You write a post of your own.",
    "peer": "A colleague {deeds}.",
}
_DEEDS: Final = {
    "post": "writes about you",
    "reaction": "likes your post",
    "reply": "answers you",
    "reshare": "shares your post",
    "quote": "quotes you",
    "mention": "mentions you",
    "follow": "follows you",
    "click": "opens your link",
}
_ONCE: Final = {
    ("actor",): "a person",
    ("actor", "post"): "a person and post",
    ("actor", "day"): "a person a day",
    ("actor", "topic"): "a person and topic",
    ("target",): "a person",
    ("target", "thread"): "a person and conversation",
    ("post",): "a post",
    ("thread",): "a conversation",
    ("topic",): "a topic",
    ("day",): "a day",
    ("platform",): "a network",
}
_PER: Final = {
    "day": "In a day",
    "week": "In a week",
    "month": "In a month",
    "season": "In a quarter",
    "post": "For one post",
}
_NEXT: Final = {
    "day": "The next day",
    "week": "The next week",
    "month": "The next month",
    "season": "The next quarter",
    "post": "For another post",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a rule's table."""

    words: str
    points: int


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule as the page tells it."""

    name: str
    label: str
    words: str
    per: str
    steps: tuple[Step, ...]


def in_words(rule: Rule, topics: Mapping[str, str] = MappingProxyType({})) -> RuleWords:
    """Tell a rule; `topics` are the names of the company's topics by what rules call them."""
    deeds = listed(words for kind, words in _DEEDS.items() if kind in rule.kinds)
    sentences = [_WHO.get(rule.relation, "It happens.").format(deeds=deeds), _once(rule)]
    if rule.platforms:
        known = platforms()
        labels = (known[name].label if name in known else name for name in sorted(rule.platforms))
        sentences.append(f"Only on {listed(labels, 'and')}.")
    if rule.topics:
        about = listed(topics.get(one, one) for one in sorted(rule.topics))
        sentences.append(f"Only for posts about {about}.")
    elif "topic" in rule.credit and topics:
        sentences.append(f"The topics are {listed(topics.values(), 'and')}.")
    return RuleWords(rule.name, rule.label, " ".join(sentences), _PER[rule.per], _steps(rule))


def listed(words: Iterable[str], last: str = "or") -> str:
    """'a, b or c'."""
    several = list(words)
    if len(several) < 2:
        return "".join(several)
    return f"{', '.join(several[:-1])} {last} {several[-1]}"


def _once(rule: Rule) -> str:
    parts = {"actor": "person", "target": "person", "thread": "conversation", "platform": "network"}
    generic = listed((f"{parts.get(part, part)}" for part in rule.credit), "and")
    what = _ONCE.get(rule.credit, f"a {generic}")
    again = f" {_NEXT[rule.per]} the same may count again." if rule.repeats else ""
    return f"Counts once for {what}.{again}"


def _steps(rule: Rule) -> tuple[Step, ...]:
    told = []
    first = 1
    for count, points in rule.steps:
        last = first + count - 1
        told.append(Step(_span(first, last), points))
        first = last + 1
    return tuple(told)


def _span(first: int, last: int) -> str:
    if first == 1:
        return "The first" if last == 1 else f"The first {last}"
    return f"Number {first}" if first == last else f"Number {first} to {last}"
