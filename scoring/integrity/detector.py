"""What a detector is: a name and a pure function from what happened to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scoring.integrity.finding import Finding
from scoring.integrity.happened import Happened


class MalformedDetector(Exception):
    """A file in `scoring/integrity/detectors` describes no detector; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Detector:
    """One thing that is looked for. `name` is its file's and that of a kind of case, whose words it has."""

    name: str
    words: str  # what it looks for, in a line
    find: Callable[[Happened], Iterator[Finding]]
