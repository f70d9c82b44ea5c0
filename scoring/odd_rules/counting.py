"""Rules whose credit, window and steps make no sense together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from scoring.odd_rules.listed import either
from scoring.odd_rules.paying import pays
from scoring.odd_rules.warning import Doubt
from scoring.relation import BY_ACTOR, Relation
from scoring.rules import Rule

# How many different days a window has at most.
_DAYS: Final[Mapping[str, int]] = {"day": 1, "week": 7, "month": 31}
# In which words a credit that is always the same is said.
_ALWAYS: Final[Mapping[str, str]] = {
    "actor": "who did it is always the person themself",
    "target": "whom it was done to is always the person themself",
    "platform": "there are only a few networks",
}


def counting(rule: Rule) -> Iterator[Doubt]:
    """A credit that is the same every time, and steps that nobody can reach."""
    if not pays(rule):
        return
    constant = _constant(rule)
    telling = [part for part in rule.credit if part not in constant]
    if not telling and not rule.repeats:
        why = " and ".join(_ALWAYS[part] for part in rule.credit if part in _ALWAYS)
        yield (
            "once",
            f"This rule counts once in a person’s life and never again: {why}.",
            f"Credit it by {either(_varying(rule))}.",
        )
        return
    most, why = _most_keys(rule, telling)
    if most is not None and rule.capacity > most:
        yield (
            "unreached",
            f"Only {most} of the {rule.capacity} steps can be reached: {why}.",
            "Take fewer steps, or credit it by something of which there is more.",
        )


def _constant(rule: Rule) -> frozenset[str]:
    """The parts of a credit that are the same whatever happens; of networks there are a few."""
    if rule.relation in BY_ACTOR:
        own = {"actor", "target"} if rule.relation is Relation.AUTHORED else {"actor"}
    else:
        own = set() if rule.relation is Relation.ECHO else {"target"}
    return frozenset(own | {"platform"})


def _varying(rule: Rule) -> list[str]:
    if rule.relation is Relation.AUTHORED:
        return ["post", "day"]
    return ["post", "day", "target" if rule.relation in BY_ACTOR else "actor"]


def _most_keys(rule: Rule, telling: list[str]) -> tuple[int | None, str]:
    """How many keys a window can have at most, and why; None where there is no end to them."""
    if "platform" in rule.credit:
        return None, ""
    if rule.per == "post" and set(telling) <= {"post"}:
        return 1, "a post counts once for itself"
    if set(telling) == {"day"} and rule.per in _DAYS:
        most = _DAYS[rule.per]
        return most, f"a {rule.per} has {most} day{'' if most == 1 else 's'} to count"
    return None, ""
