"""Which places may be seen by whom. Pure.

Law: there is no bottom of a table. A list ends at its middle; from the lower half a person sees
themselves and who stands above them, never who stands beneath.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Row = TypeVar("Row")

LEAST_RANKED: Final = 5  # with fewer, a ranking would be about these few, not about taking part
LEAST_TEAMS: Final = 3  # shown of departments or offices, also where that is more than half
OPENS_WITH: Final = 10  # rows of the first look: the rest is one "show" away
LARGE: Final = 1_000  # from here on a page opens around the viewer
OPENS_WITH_LARGE: Final = 3
AROUND: Final = 2  # who stands next to you
AROUND_LARGE: Final = 5


def upper_half(ranked: int) -> int:
    """How many places a list may show at most: down to the middle, the middle included."""
    return (ranked + 1) // 2


def listed(ranked: int, wanted: int) -> int:
    """How many places a list shows, of the number asked for (0: as many as a page opens with).

    None while fewer are ranked than a ranking needs.
    """
    if ranked < LEAST_RANKED:
        return 0
    opens_with = OPENS_WITH_LARGE if ranked > LARGE else OPENS_WITH
    return min(wanted or opens_with, upper_half(ranked))


def may_see(rank: int, *, own: int | None, ranked: int) -> bool:
    """Whether a viewer may see a row of this rank; `own` is None for the unranked.

    Who only looks on sees the list and no further: asking for one name after the other would show
    them the bottom of the table, and who takes part.
    """
    middle = upper_half(ranked)
    if own is None:
        return rank <= middle
    return own <= middle or rank <= max(own, middle)


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """Rows that stand together beneath a list, with `more` unshown ones before them."""

    more: int
    rows: tuple[Row, ...]


def parted(shown: int, placed: Mapping[float, Row]) -> list[Part[Row]]:
    """What stands beneath a list of `shown` rows: rows by their place (from 1), gaps counted.

    A place between two whole ones is a row that only its own person sees.
    """
    parts: list[Part[Row]] = []
    end = shown
    for place in sorted(placed):
        more = max(0, int(place - 0.5) - end) if place % 1 else max(0, int(place) - end - 1)
        if parts and more == 0:
            parts[-1] = Part(parts[-1].more, (*parts[-1].rows, placed[place]))
        else:
            parts.append(Part(more, (placed[place],)))
        end = max(end, int(place))
    return parts
