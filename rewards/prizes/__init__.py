"""Kinds of prizes, one file each, found by name: a new one touches no list elsewhere.

A file `rewards/prizes/<name>.py` has `PRIZE`, a `PrizeKindFile` of the same name with its examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from rewards.contests.charter import Prize
from rewards.prizes.prize import MalformedPrizeKind, PrizeExample, PrizeKindFile
from scoring import by_name

__all__ = ["MalformedPrizeKind", "PrizeExample", "PrizeKindFile", "prize_kinds", "prize_words"]


@cache
def prize_kinds() -> Mapping[str, PrizeKindFile]:
    """All kinds by name; a file that is none stops the start with words."""
    return MappingProxyType(
        by_name(__name__, __path__, PrizeKindFile, word="prize", malformed=MalformedPrizeKind)
    )


def prize_words(prize: Prize) -> str:
    """What one winner of a prize gets: "€200", "2 vacation days", "Breakfast with the board"."""
    return prize_kinds()[prize.kind].words(prize)
