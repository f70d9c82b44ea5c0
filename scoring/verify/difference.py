"""What a verification may find to differ, each in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

MOST_OF_A_SLICE: Final = 10_000  # of a kind are read; where so much is wrong, the rest is as well


@dataclass(frozen=True, slots=True)
class PointsDiffer:
    """The facts and the ledger disagree about a person, a rule and a day."""

    person_id: int
    rule: str
    day: date
    expected: int
    found: int

    def __str__(self) -> str:
        return (
            f"person {self.person_id}, rule {self.rule}, {self.day}: the facts give "
            f"{self.expected}, the ledger says {self.found}"
        )


@dataclass(frozen=True, slots=True)
class TotalDiffers:
    """A total and what stands behind it disagree."""

    person_id: int
    metric: str
    period: str
    starts_on: date
    expected: int
    found: int

    def __str__(self) -> str:
        return (
            f"person {self.person_id}, {self.metric} of the {self.period} from {self.starts_on}: "
            f"{self.expected} stand behind it, the total says {self.found}"
        )


@dataclass(frozen=True, slots=True)
class AnswersDiffer:
    """The facts and what is kept of who answered on which day disagree about a person and a day."""

    person_id: int
    day: date
    expected: int
    found: int

    def __str__(self) -> str:
        kept = f"{self.found}" if self.found != self.expected else "as many, but others,"
        return (
            f"person {self.person_id}, answered on {self.day}: the facts name {self.expected} "
            f"people outside, {kept} are kept"
        )


@dataclass(frozen=True, slots=True)
class BoardDiffers:
    """A total and a board in Redis disagree; None means that the board does not show the person."""

    person_id: int
    board: str
    expected: int | None
    found: int | None

    def __str__(self) -> str:
        def shown(value: int | None) -> str:
            return "nothing" if value is None else str(value)

        return (
            f"person {self.person_id}, board {self.board}: should show {shown(self.expected)}, "
            f"shows {shown(self.found)}"
        )


Difference = PointsDiffer | AnswersDiffer | TotalDiffers | BoardDiffers
