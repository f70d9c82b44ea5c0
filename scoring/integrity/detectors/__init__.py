"""Detectors, one file each, found by name: a new one touches no list elsewhere.

A file `scoring/integrity/detectors/<name>.py` has `DETECTOR`, a `Detector` of the same name, and beside
it, with its reasons, every threshold. A kind of case of the same name has the words for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from scoring.described import by_name
from scoring.integrity.detector import Detector, MalformedDetector


@cache
def detectors() -> Mapping[str, Detector]:
    """All detectors by name."""
    return MappingProxyType(
        by_name(__name__, __path__, Detector, word="detector", malformed=MalformedDetector)
    )
