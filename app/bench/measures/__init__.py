"""What `fanfare bench` measures: every file beside this one is a measurement, named after the file.

Law: adding one touches no list. Such a file has `async def measure(room) -> list[Figure]`; the first
line of its docstring says what it measures.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app.bench.figure import Figure
from app.bench.room import Room


@dataclass(frozen=True, slots=True)
class Measurement:
    """One thing that can be measured."""

    name: str
    words: str
    measure: Callable[[Room], Awaitable[list[Figure]]]


def measurements() -> Mapping[str, Measurement]:
    """All of them by name. TypeError for a file that is none."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        measure = getattr(loaded, "measure", None)
        words = (loaded.__doc__ or "").strip().splitlines()
        if not callable(measure) or not words:
            raise TypeError(f"{loaded.__file__} has no `measure(room)` or does not say what it is.")
        found[module.name] = Measurement(module.name, words[0].rstrip("."), measure)
    return found
