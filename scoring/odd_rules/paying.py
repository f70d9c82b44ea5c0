"""Rules that pay for what they should not, or too much at once. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from scoring.facts import Kind
from scoring.odd_rules.listed import both
from scoring.odd_rules.warning import Doubt
from scoring.platforms import unrewarded
from scoring.platforms.platform import Incentive, Platform
from scoring.relation import Relation
from scoring.rules import Rule, Rulebook

# A steady month: one of everything on three days a week. What one post brings is set against it.
_STEADY = {"day": (12, 1), "week": (4, 3), "month": (1, 12), "season": (1, 12), "post": (12, 1)}
VIRAL_DAYS = 2  # nearly all that a post ever gets comes within two days
_OWN_POST = frozenset({Relation.EARNED, Relation.ECHO, Relation.PEER})  # where others act on a post


def policy(
    rule: Rule, known: Mapping[str, Platform], modes: Mapping[str, Incentive]
) -> Iterator[Doubt]:
    """Points for what a network's incentive policy does not let anybody pay for."""
    # Where a rule names no network, those that forbid points are left out by themselves.
    asked = rule.platforms if rule.platforms is not None else frozenset(known) - unrewarded()
    off = sorted(known[name].label for name in asked & known.keys() if modes[name] is Incentive.OFF)
    if off and pays(rule):
        yield (
            "policy",
            f"{both(off)} does not let anybody give points for what people do there, and this rule does.",
            "Name the networks that should count.",
        )
    if rule.platforms is None or not pays(rule):
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


def steps(rule: Rule) -> Iterator[Doubt]:
    """Steps that give nothing, or rise."""
    if not pays(rule):
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


def one_post(rule: Rule, book: Rulebook) -> Iterator[Doubt]:
    """A rule by which one viral post is worth more than half of a steady month."""
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


def circle(rule: Rule) -> Iterator[Doubt]:
    """Points for colleagues who applaud one another."""
    if rule.relation is Relation.PEER and pays(rule) and rule.kinds & {Kind.REACTION, Kind.RESHARE}:
        yield (
            "circle",
            "Colleagues would earn points for liking and sharing one another; several networks forbid "
            "agreeing on that.",
            "Count answers and quotes between colleagues, and no likes or shares.",
        )


def pays(rule: Rule) -> bool:
    """Whether a rule gives anything at all."""
    return any(points for _, points in rule.steps)
