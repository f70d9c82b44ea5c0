"""What is odd about a rulebook that can be used, in words beside the rule. Pure.

Law: a warning says what would happen and what to do instead; it never keeps anybody from adopting.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from scoring.facts import Kind
from scoring.platforms import platforms
from scoring.platforms.platform import Incentive, Platform
from scoring.relation import Relation
from scoring.rules import Rule, Rulebook, read_rulebook

# A steady month: one of everything on three days a week. What one post brings is set against it.
_STEADY = {"day": (12, 1), "week": (4, 3), "month": (1, 12), "season": (1, 12), "post": (12, 1)}
VIRAL_DAYS = 2  # nearly all that a post ever gets comes within two days
_OWN_POST = frozenset({Relation.EARNED, Relation.ECHO, Relation.PEER})  # where others act on a post


@dataclass(frozen=True, slots=True)
class RuleWarning:
    """One thing to look at again; `line` is where the rule begins in the text, from 1."""

    rule: str | None
    line: int | None
    kind: str  # overlap | never | topic | policy | one_post | rising | nothing | circle
    words: str
    way_out: str


def rule_warnings(
    toml: str,
    *,
    topics: Collection[str] | None = None,
    networks: Mapping[str, Platform] | None = None,
    modes: Mapping[str, Incentive] | None = None,
) -> list[RuleWarning]:
    """Everything odd about a rulebook, rule by rule; raises `RulebookInvalid` for one that is none.

    `topics` are those that posts carry, None where nobody knows; `modes` what an administrator decided
    about a network instead of its own policy.
    """
    book = read_rulebook(toml)
    known = platforms() if networks is None else networks
    decided = {name: network.incentive.mode for name, network in known.items()} | dict(modes or {})
    lines = rule_lines(toml, len(book.rules))
    found: list[RuleWarning] = []
    for place, rule in enumerate(book.rules.values()):
        doubts = [
            *_never(rule, known),
            *_topics(rule, topics),
            *_policy(rule, known, decided),
            *_steps(rule),
            *_one_post(rule, book),
            *_circle(rule),
            *_overlaps(rule, list(book.rules.values())[:place]),
        ]
        line = lines[place] if lines else None
        found += [RuleWarning(rule.name, line, *doubt) for doubt in doubts]
    return found


Doubt = tuple[str, str, str]


def rule_lines(toml: str, rules: int) -> list[int]:
    """The line on which each rule begins; empty where the text lists them in another way."""
    begins = [
        number
        for number, line in enumerate(toml.splitlines(), start=1)
        if re.match(r"\s*\[\[\s*[\"']?rule[\"']?\s*\]\]", line)
    ]
    return begins if len(begins) == rules else []


def _never(rule: Rule, known: Mapping[str, Platform]) -> Iterator[Doubt]:
    if unknown := sorted((rule.platforms or frozenset()) - known.keys()):
        yield (
            "never",
            f"No network here is called {_or(unknown)}.",
            f"Write {_or(sorted(known))}, or leave the network out: then all count.",
        )
    if rule.platforms is not None and not rule.platforms:
        yield "never", "This rule never matches: its list of networks is empty.", "Name a network."
    asked = [p for name, p in known.items() if rule.platforms is None or name in rule.platforms]
    told = {kind for platform in asked for kind in platform.capabilities.told}
    reachable = {kind for kind in rule.kinds if may_happen(rule.relation, kind)}
    if not rule.kinds or not reachable:
        kinds = sorted(kind for kind in Kind if may_happen(rule.relation, kind))
        yield (
            "never",
            f"This rule never matches: “{rule.relation}” does not happen as "
            f"{_or(sorted(rule.kinds))}."
            if rule.kinds
            else "This rule never matches: its list of kinds is empty.",
            f"Take {_or(kinds)}.",
        )
    elif asked and not reachable & told:
        yield (
            "never",
            f"This rule never matches: {_or(sorted(p.label for p in asked))} does not tell "
            f"{_or(sorted(reachable))}.",
            "Take another kind, or another network.",
        )
    if Kind.FOLLOW in reachable and "post" in rule.credit:
        yield (
            "never",
            "A follow belongs to no post: credited by post, only the first one ever counts.",
            "Credit follows by actor, in a rule of their own.",
        )


def may_happen(relation: Relation, kind: Kind) -> bool:
    """Whether a deed of this kind can ever stand in this relation, whatever networks tell."""
    if relation is Relation.AUTHORED or kind is Kind.POST:
        return relation is Relation.AUTHORED and kind is Kind.POST
    if kind is Kind.FOLLOW:  # a follow has no post: it is nobody's applause and answers nothing
        return relation not in (Relation.ECHO, Relation.CONVERSED)
    return True


def _topics(rule: Rule, topics: Collection[str] | None) -> Iterator[Doubt]:
    if rule.topics is not None and not rule.topics:
        yield "topic", "This rule never matches: its list of topics is empty.", "Name a topic."
    elif rule.topics and topics is not None and rule.topics.isdisjoint(topics):
        known = f"Topics in use: {', '.join(sorted(topics)[:12])}." if topics else ""
        yield (
            "topic",
            f"No post carries the topic {_or(sorted(rule.topics))} yet, so nothing would count.",
            known or "Give posts their topics first, or leave the topic out.",
        )
    if "topic" in rule.credit and topics is not None and not topics:
        yield (
            "topic",
            "This rule counts topics, and no post has one yet.",
            "Give posts their topics first.",
        )


def _policy(
    rule: Rule, known: Mapping[str, Platform], modes: Mapping[str, Incentive]
) -> Iterator[Doubt]:
    asked = rule.platforms if rule.platforms is not None else frozenset(known)
    off = sorted(known[name].label for name in asked & known.keys() if modes[name] is Incentive.OFF)
    if off and _pays(rule):
        yield (
            "policy",
            f"{_and(off)} does not let anybody give points for what people do there, and this rule does.",
            "Name the networks that should count.",
        )
    if rule.platforms is None or not _pays(rule):
        return
    only = sorted(name for name in asked & known.keys() if modes[name] is Incentive.RECOGNITION)
    if only and len(only) == len(asked & known.keys()):
        network = known[only[0]]
        yield (
            "policy",
            f"These points are recognition only: {network.incentive.reason}. No contest with money or "
            "days counts them.",
            "Keep it if thanks are what you mean; take other networks if it should win prizes.",
        )


def _steps(rule: Rule) -> Iterator[Doubt]:
    if not _pays(rule):
        yield (
            "nothing",
            "Every step of this rule is worth 0: it gives nothing.",
            "Give the first step points, or take the rule out.",
        )
    for (_, before), (_, after) in pairwise(rule.steps):
        if after > before:
            yield (
                "rising",
                f"Later ones are worth {after} and the ones before them {before}: this asks for more "
                "and more instead of enough.",
                "Let the steps fall.",
            )
            break


def _one_post(rule: Rule, book: Rulebook) -> Iterator[Doubt]:
    worst, steady = from_one_post(rule), sum(map(steady_month, book.rules.values()))
    if worst * 2 > steady and worst > rule.points_of(0):
        yield (
            "one_post",
            f"One post could decide the month: up to {worst:,} points from this rule alone, where a "
            f"steady month under all rules is worth about {steady:,}.",
            "Take fewer or smaller steps, or count by the week instead of by the day."
            if rule.per == "day"
            else "Take fewer or smaller steps.",
        )


def from_one_post(rule: Rule) -> int:
    """The most that one post can bring under a rule, when it goes viral."""
    if rule.relation not in _OWN_POST or rule.kinds <= {Kind.FOLLOW}:
        return rule.points_of(0)
    if not {"actor", "target"} & set(rule.credit):
        return rule.points_of(0)  # one post is one key
    whole = sum(count * points for count, points in rule.steps)
    return whole * (VIRAL_DAYS if rule.per == "day" else 1)


def steady_month(rule: Rule) -> int:
    """What one of everything on three days a week comes to in a month; the company's part once."""
    if rule.relation is Relation.RESHARED:
        return rule.points_of(0)
    windows, each = _STEADY[rule.per]
    return windows * sum(rule.points_of(place) for place in range(each))


def _circle(rule: Rule) -> Iterator[Doubt]:
    if (
        rule.relation is Relation.PEER
        and _pays(rule)
        and rule.kinds & {Kind.REACTION, Kind.RESHARE}
    ):
        yield (
            "circle",
            "Colleagues would earn points for liking and sharing one another; several networks forbid "
            "agreeing on that.",
            "Count answers and quotes between colleagues, and no likes or shares.",
        )


def _overlaps(rule: Rule, before: Iterable[Rule]) -> Iterator[Doubt]:
    for other in before:
        kinds = rule.kinds & other.kinds
        alike = rule.relation is other.relation and set(rule.credit) == set(other.credit)
        if (
            alike
            and kinds
            and _meet(rule.platforms, other.platforms)
            and _meet(rule.topics, other.topics)
            and _pays(rule)
            and _pays(other)
        ):
            yield (
                "overlap",
                f"“{other.label}” already counts the same: each {_or(sorted(kinds))} would be paid "
                f"twice, {other.points_of(0)} and {rule.points_of(0)}.",
                "Take one of the two out, or let them look for different things.",
            )


def _pays(rule: Rule) -> bool:
    return any(points for _, points in rule.steps)


def _meet(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    return one is None or other is None or not one.isdisjoint(other)


def _or(words: Iterable[str]) -> str:
    return _joined(words, "or")


def _and(words: Iterable[str]) -> str:
    return _joined(words, "and")


def _joined(words: Iterable[str], last: str) -> str:
    several = list(words)
    if len(several) < 2:
        return "".join(several)
    return f"{', '.join(several[:-1])} {last} {several[-1]}"
