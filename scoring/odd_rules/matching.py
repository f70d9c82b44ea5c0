"""Rules that never match, and rules that match the same. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from scoring.facts import Kind
from scoring.odd_rules.listed import either
from scoring.odd_rules.paying import pays
from scoring.odd_rules.warning import Doubt
from scoring.platforms.platform import Platform
from scoring.relation import Relation
from scoring.rules import Rule


def never(rule: Rule, known: Mapping[str, Platform]) -> Iterator[Doubt]:
    """What keeps a rule from ever matching: a network, a kind, or both together."""
    if unknown := sorted((rule.platforms or frozenset()) - known.keys()):
        yield (
            "never",
            f"No network here is called {either(unknown)}.",
            f"Write {either(sorted(known))}, or leave the network out: then all count.",
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
            f"{either(sorted(rule.kinds))}."
            if rule.kinds
            else "This rule never matches: its list of kinds is empty.",
            f"Take {either(kinds)}.",
        )
    elif asked and not reachable & told:
        yield (
            "never",
            f"This rule never matches: {either(sorted(p.label for p in asked))} does not tell "
            f"{either(sorted(reachable))}.",
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


def topics_unused(rule: Rule, topics: Collection[str] | None) -> Iterator[Doubt]:
    """Topics that the company does not have; `topics` are those it has, None where nobody knows."""
    unknown = sorted((rule.topics or frozenset()) - set(topics or ()))
    if rule.topics is not None and not rule.topics:
        yield "topic", "This rule never matches: its list of topics is empty.", "Name a topic."
    elif unknown and topics is not None:
        known = f"The topics are {', '.join(sorted(topics)[:12])}." if topics else ""
        yield (
            "topic",
            f"There is no topic {either(f'“{one}”' for one in unknown)}, so no post ever has it. A hashtag "
            "is no topic until it is on a topic’s list.",
            known or "Let communications add it first, or leave the topic out.",
        )
    if "topic" in rule.credit and topics is not None and not topics:
        yield (
            "topic",
            "This rule counts topics, and the company has none yet, so it gives nothing.",
            "Let communications set topics up first.",
        )


def overlaps(rule: Rule, before: Iterable[Rule]) -> Iterator[Doubt]:
    """Rules before this one that look for the same and count it by the same."""
    for other in before:
        kinds = rule.kinds & other.kinds
        alike = rule.relation is other.relation and set(rule.credit) == set(other.credit)
        if (
            alike
            and kinds
            and _meet(rule.platforms, other.platforms)
            and _meet(rule.topics, other.topics)
            and pays(rule)
            and pays(other)
        ):
            yield (
                "overlap",
                f"“{other.label}” already counts the same: each {either(sorted(kinds))} would be paid "
                f"twice, {other.points_of(0)} and {rule.points_of(0)}.",
                "Take one of the two out, or let them look for different things.",
            )


def _meet(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    return one is None or other is None or not one.isdisjoint(other)
