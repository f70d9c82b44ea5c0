"""Kinds of prizes, one file each, found by name: a new one touches no list elsewhere.

A file `rewards/prizes/<name>.py` has `PRIZE`, a `PrizeKindFile` of the same name with its examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from rewards.contests.charter import Prize
from rewards.prizes.prize_kind import MalformedPrizeKind, PrizeExample, PrizeKindFile

__all__ = ["MalformedPrizeKind", "PrizeExample", "PrizeKindFile", "prize_kinds", "prize_words"]

_SHAPE = "prize_kind"  # the one file here that says what a kind is, instead of being one


@cache
def prize_kinds() -> Mapping[str, PrizeKindFile]:
    """All kinds by name; a file that is none stops the start with words."""
    found: dict[str, PrizeKindFile] = {}
    for module in iter_modules(__path__):
        if module.name == _SHAPE:
            continue
        described = getattr(import_module(f"{__name__}.{module.name}"), "PRIZE", None)
        if not isinstance(described, PrizeKindFile) or described.name != module.name:
            raise MalformedPrizeKind(
                f"rewards/prizes/{module.name}.py has no PRIZE of that name; say what it is or move it"
            )
        found[module.name] = described
    return MappingProxyType(found)


def prize_words(prize: Prize) -> str:
    """What one winner of a prize gets: "€200", "2 vacation days", "Breakfast with the board"."""
    return prize_kinds()[prize.kind].words(prize)
