"""What a draft would change, in numbers about everybody and about nobody in particular. Pure.

Law: nothing here names a person; ranks are shared (1, 2, 2, 4), and who has nothing has no rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

TOP = 3  # whose share of all points says how much a few decide

Points = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Spread:
    """How points lie: people with anything, all points, the first three's share, the middle of those."""

    people: int
    points: int
    top_percent: int
    median: int


@dataclass(frozen=True, slots=True)
class RuleCarries:
    """What one rule gives: points and people, as it stands and under the draft."""

    name: str
    label: str
    now: int
    then: int
    people_now: int
    people_then: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a draft would have changed; `up`, `down`, `same` count people by their ranks."""

    now: Spread
    then: Spread
    up: int
    down: int
    same: int
    rules: tuple[RuleCarries, ...]


def foresee(now: Points, then: Points, rules: Iterable[RuleCarries]) -> Foreseen:
    """Compare two countings of the same people."""
    before, after = ranks(now), ranks(then)
    last = max(len(before), len(after)) + 1  # behind everybody who has anything
    moves = [
        after.get(person, last) - before.get(person, last)
        for person in before.keys() | after.keys()
    ]
    up, down = sum(move < 0 for move in moves), sum(move > 0 for move in moves)
    carries = sorted(rules, key=lambda rule: (-rule.then, -rule.now, rule.name))
    return Foreseen(spread(now), spread(then), up, down, len(moves) - up - down, tuple(carries))


def spread(points: Points) -> Spread:
    """How these people's points lie; who has none is left out."""
    some = sorted((value for value in points.values() if value), reverse=True)
    whole = sum(some)
    return Spread(
        people=len(some),
        points=whole,
        top_percent=round(100 * sum(some[:TOP]) / whole) if whole else 0,
        median=round(median(some)) if some else 0,
    )


def ranks(points: Points) -> dict[int, int]:
    """Everybody's rank who has anything: one more than how many have more."""
    ordered = sorted((item for item in points.items() if item[1]), key=lambda item: -item[1])
    found: dict[int, int] = {}
    rank, reached = 0, 0
    for place, (person, value) in enumerate(ordered, start=1):
        if value != reached:
            rank, reached = place, value
        found[person] = rank
    return found
