"""Which bracket an audience belongs to. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rewards.contests.charter import Bracket


def place_in_brackets(brackets: Sequence[Bracket], audience: int | None) -> int:
    """The number of the bracket, from 0; somebody whose followers nobody counted is in the lowest."""
    if audience is None:
        return min(range(len(brackets)), key=lambda index: brackets[index].at_least)
    for index, bracket in enumerate(brackets):
        if bracket.at_least <= audience and (bracket.below is None or audience < bracket.below):
            return index
    raise ValueError(f"no bracket takes an audience of {audience}: the charter leaves a gap")
