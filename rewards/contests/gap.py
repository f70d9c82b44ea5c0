"""What would it take: how much more for the next place, the next prize, a threshold. Pure.

Law: whoever does what it says, while nobody else does anything, gets what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rewards.contests.charter import Among, Charter, PrizeKind
from rewards.contests.counting import Mode


@dataclass(frozen=True, slots=True)
class Gap:
    """So many more units of the metric bring a place, or a prize with its number in the charter."""

    more: int
    place: int | None = None  # that or better
    prize: int | None = None


def to_pass(value: int, above: int | None) -> Gap | None:
    """What passes whoever stands next above and has `above`; None where nobody does."""
    return None if above is None else Gap(max(above + 1, 1) - value)


def last_places(charter: Charter, mode: Mode) -> list[tuple[Among, int]]:
    """The last place that wins something, for each prize of a standing: what has to be looked up."""
    return [
        (prize.among, prize.last_place or prize.first_place)
        for prize in charter.prizes
        if prize.mode == mode and prize.first_place is not None
    ]


def next_prize(
    charter: Charter, mode: Mode, value: int, at_place: Mapping[tuple[Among, int], int]
) -> Gap | None:
    """The prize that takes least of those still out of reach; None where none is left.

    `at_place`: what whoever stands in such a last place has, 0 where nobody does.
    """
    found: list[Gap] = []
    for prize in charter.prizes:
        if prize.mode != mode or prize.kind is PrizeKind.DRAW:
            continue
        if prize.first_place is None:
            needed, place = max(prize.reach or charter.least, charter.least), None
        else:
            place = prize.last_place or prize.first_place
            rival = at_place.get((prize.among, place), 0)
            if rival and value >= rival:
                needed = charter.least  # in that place already, if it is enough to win anything
            else:
                needed = max(rival + 1, charter.least)
        if needed > value:
            found.append(Gap(needed - value, place=place, prize=prize.number))
    return min(found, key=lambda gap: gap.more, default=None)
