"""Everything that is found in what happened. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.integrity.detectors import detectors
from scoring.integrity.finding import Finding
from scoring.integrity.happened import Happened


def detect(happened: Happened) -> Iterator[Finding]:
    """What every detector finds, in order of their names; what there is nothing to hold of, too."""
    for detector in detectors().values():
        yield from detector.find(happened)
