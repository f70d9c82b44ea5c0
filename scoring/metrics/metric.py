"""What a metric is: the value that one entry adds to a person's standing. Pure.

Law: a metric sees an entry alone, so totals are sums and no order of arrival can change them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")  # part of a board's id and of addresses


class MalformedMetric(TypeError):
    """A file in scoring/metrics is not a metric; the message says what to mend."""


class EntryLike(Protocol):
    """What a metric may look at: an entry or anything shaped like one."""

    @property
    def relation(self) -> str:
        """Who did it to whom, e.g. `earned`."""

    @property
    def points(self) -> int:
        """Signed: a reversal carries the points it takes back."""


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """An entry for an example."""

    relation: str
    points: int


@dataclass(frozen=True, slots=True)
class Example:
    """A law as test and documentation: these entries together are worth this value."""

    law: str
    entries: tuple[SampleEntry, ...]
    value: int


@dataclass(frozen=True, slots=True)
class Metric:
    """A way to count entries, with its words."""

    name: str  # also the file's name
    label: str  # on tabs and headings
    hint: str  # one sentence that tells a newcomer what counts
    unit_one: str  # "1 point"
    unit_many: str  # "2 points"
    value: Callable[[EntryLike], int]
    examples: tuple[Example, ...]

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise MalformedMetric(
                f"a metric's name is lower case letters, digits and _, not {self.name!r}"
            )
        for word in ("label", "hint", "unit_one", "unit_many"):
            if not getattr(self, word).strip():
                raise MalformedMetric(f"the metric {self.name} has no {word}")
        if not self.examples:
            raise MalformedMetric(f"the metric {self.name} has no examples; give it at least one")

    def in_words(self, value: int) -> str:
        """A value with its unit, e.g. "1 point" or "1,204 points"."""
        return f"{value:,} {self.unit_one if abs(value) == 1 else self.unit_many}"
