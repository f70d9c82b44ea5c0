"""What a reveal shows in which order. Pure.

Laws: a place is shown after every place behind it; who shares a place shares the step; a plan holds
ids and numbers and no name, so that whoever hides or changes their mind meanwhile is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

import msgspec

from rewards.contests.charter import Among, Charter

PODIUM: Final = 3  # places that have a step of their own


class StepKind(StrEnum):
    """What one step shows."""

    OPENING = "opening"  # the contest, what counted, the leader's line
    PLACES = "places"  # everybody behind the third place, together
    PLACE = "place"  # third, second or first; who shares it, together
    HEADLINE = "headline"  # after the first place: the podium whole, named in a sentence
    REACHED = "reached"  # how many reached a threshold, or were drawn
    NOBODY = "nobody"  # nobody won here
    CLOSING = "closing"  # every first place once more, while people clap


class Part(msgspec.Struct, frozen=True):
    """A part of the reveal: a standing of a bracket, or of all (None)."""

    mode: Literal["prize", "recognition"]
    bracket: int | None


class Step(msgspec.Struct, frozen=True):
    """One picture of the reveal. `awards` are those that it adds."""

    kind: StepKind
    part: int | None = None  # its index in the plan
    place: int | None = None
    prize: int | None = None  # of a threshold or a draw
    awards: tuple[int, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """A whole reveal."""

    parts: tuple[Part, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Won:
    """What the plan needs to know of an award."""

    award: int
    prize: int
    place: int | None
    bracket: int | None


def plan(charter: Charter, won: Iterable[Won]) -> Plan:
    """The reveal of a contest whose awards are approved, in charter order: of each bracket recognition
    before prizes, then what was won among all; a bracket without prizes of its own has no part."""
    won = sorted(won, key=lambda one: (one.place or 0, one.award))
    modes = {prize.number: prize.mode for prize in charter.prizes}
    parts = tuple(_parts(charter))
    steps = [Step(StepKind.OPENING)]
    for index, part in enumerate(parts):
        here = [one for one in won if one.bracket == part.bracket and modes[one.prize] == part.mode]
        steps += _podium(index, [one for one in here if one.place is not None])
        for prize in charter.prizes:
            reached = tuple(
                one.award for one in here if one.place is None and one.prize == prize.number
            )
            if reached:
                steps.append(Step(StepKind.REACHED, index, prize=prize.number, awards=reached))
        if not here and len(parts) > 1:
            steps.append(Step(StepKind.NOBODY, index))
    if not won:
        steps = [Step(StepKind.OPENING), Step(StepKind.NOBODY)]
    return Plan(parts, (*steps, Step(StepKind.CLOSING)))


def _parts(charter: Charter) -> Iterable[Part]:
    scopes: list[tuple[Among, int | None]] = [
        *((Among.EACH, bracket) for bracket in range(len(charter.brackets))),
        (Among.ALL, None),
    ]
    for among, bracket in scopes:
        for mode in ("recognition", "prize"):
            if any(prize.among is among and prize.mode == mode for prize in charter.prizes):
                yield Part(mode, bracket)


def _podium(part: int, placed: Sequence[Won]) -> list[Step]:
    behind = tuple(one.award for one in placed if (one.place or 0) > PODIUM)
    steps = [Step(StepKind.PLACES, part, awards=behind)] if behind else []
    for place in range(PODIUM, 0, -1):
        tied = tuple(one.award for one in placed if one.place == place)
        if tied:
            steps.append(Step(StepKind.PLACE, part, place=place, awards=tied))
    if any(step.kind is StepKind.PLACE for step in steps):
        steps.append(Step(StepKind.HEADLINE, part))
    return steps
