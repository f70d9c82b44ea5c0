"""One measured number, with what it is, what it should reach and how it was spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in words: «accepted deliveries ÷ empty POST», 0.62, at least 0.6."""

    words: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    rounds: tuple[float, ...] = ()  # what the median is of

    @classmethod
    def of_rounds(
        cls,
        words: str,
        rounds: Sequence[float],
        unit: str = "",
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> Figure:
        """The median of several rounds."""
        return cls(words, median(rounds), unit, at_least, at_most, tuple(rounds))

    @property
    def reached(self) -> bool | None:
        """Whether it is what it should be; None where nothing is asked of it."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies: 0.5, 0.99."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
