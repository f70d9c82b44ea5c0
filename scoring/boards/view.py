"""What a look at a board gives back. Pure: ranks from positions, distances from values.

Law: ranks are shared (1, 2, 2, 4), and below the median nobody beneath a person is shown to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scoring.boards.key import BoardKey


class Source(StrEnum):
    """Where a view came from."""

    REDIS = "redis"
    POSTGRESQL = "postgresql"  # the slow path: ranks of the moment, no movement, no neighbours


@dataclass(frozen=True, slots=True)
class Row:
    """A person on a board."""

    rank: int
    person_id: int
    value: int
    eve_rank: int | None = None  # at the last local midnight; None: was not on the board

    @property
    def movement(self) -> int | None:
        """Places gained (positive) or lost since the last local midnight."""
        return None if self.eve_rank is None else self.eve_rank - self.rank


@dataclass(frozen=True, slots=True)
class Own:
    """Where one person stands, also one whom the board does not show."""

    person_id: int
    value: int
    rank: int | None  # None while there is nothing to rank
    public: bool  # on the board; else the rank is known to this person only
    next_value: int | None = None  # the nearest better value, None at the top
    next_rank: int | None = None  # the rank that goes with it
    eve_rank: int | None = None

    @property
    def gap(self) -> int | None:
        """What is missing to stand level with the next better value."""
        return None if self.next_value is None else self.next_value - self.value

    @property
    def movement(self) -> int | None:
        """Places gained (positive) or lost since the last local midnight."""
        return None if self.eve_rank is None or self.rank is None else self.eve_rank - self.rank


@dataclass(frozen=True, slots=True)
class View:
    """One look at a board."""

    board: BoardKey
    version: int  # grows with every change; 0 on the slow path, which has none
    size: int  # people ranked
    top: tuple[Row, ...]
    own: Own | None
    around: tuple[Row, ...]
    source: Source
    has_eve: bool  # whether movement is known at all


def ranked(
    position: int, first_rank: int, people: Iterable[tuple[int, int, int | None]]
) -> tuple[Row, ...]:
    """Ranks for consecutive people (id, value, eve rank), best first, the first at `position`."""
    rows: list[Row] = []
    for place, (person_id, value, eve_rank) in enumerate(people, start=position):
        if not rows:
            rank = first_rank
        elif value == rows[-1].value:
            rank = rows[-1].rank
        else:
            rank = place + 1
        rows.append(Row(rank, person_id, value, eve_rank))
    return tuple(rows)


def kindly(around: Sequence[Row], own: Own | None, size: int) -> tuple[Row, ...]:
    """The neighbours one is shown: nobody beneath oneself when standing below the median."""
    if own is None or own.rank is None or own.rank * 2 <= size + 1:
        return tuple(around)
    return tuple(row for row in around if row.rank <= own.rank)
