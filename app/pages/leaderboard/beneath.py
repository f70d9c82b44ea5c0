"""What stands beneath the rows everybody sees: one's own row with neighbours, and who was searched.

Law: it is made for one viewer and never kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from app.pages.faces import Face, faces
from app.pages.leaderboard.blocks import Block
from app.pages.leaderboard.kindness import AROUND, AROUND_LARGE, LARGE, Part, may_see, parted
from app.pages.leaderboard.rows import TableRow, extras, table_row
from app.pages.leaderboard.search import search
from app.pages.leaderboard.selection import Selection
from scoring import BoardKey, BoardRow, Boards, Own, View


@dataclass(frozen=True, slots=True)
class Beneath:
    """A viewer's own part of a table."""

    parts: list[Part[TableRow]]
    found: frozenset[str]  # keys of rows a search found, to be marked above as well


async def beneath(
    connection: Any,
    boards: Boards,
    board: BoardKey,
    block: Block,
    view: View,
    own_face: Face | None,
    selection: Selection,
    *,
    now: datetime,
    zone: tzinfo,
    secret: str,
) -> Beneath:
    """Put together the rows beneath a block for the person of `view.own`."""
    own = view.own
    rank = own.rank if own else None
    ranked = view.size
    found = await search(connection, boards, board, selection.q, own_rank=rank, ranked=ranked)
    around = list(view.around)
    placed: dict[float, BoardRow] = {}
    _place(placed, around)
    for row in found:
        beside = await boards.view(board, limit=0, person_id=row.person_id, neighbours=1, now=now)
        seen = [one for one in beside.around if may_see(one.rank, own=rank, ranked=ranked)]
        _place(placed, seen or [row])
    listed = {row.person_id for row in block.rows}
    placed = {place: row for place, row in placed.items() if row.person_id not in listed}
    if own is not None and rank is not None and not own.public:
        placed[rank - 0.5] = _own_row(own)
    people = [row.person_id for row in (*placed.values(), *found)]
    known = await faces(connection, people, now=now, secret=secret)
    if own_face is not None:
        known[own_face.person_id] = own_face
    more = await extras(connection, board, list(known.values()), now, zone)
    sought = {row.person_id for row in found}
    rows = {
        place: table_row(
            row,
            known[row.person_id],
            more,
            you=own is not None and row.person_id == own.person_id,
            found=row.person_id in sought,
        )
        for place, row in placed.items()
        if row.person_id in known
    }
    marks = frozenset(known[person].key for person in sought if person in known)
    return Beneath(parted(len(block.rows), rows), marks)


def neighbours(size: int) -> int:
    """How many people are shown on each side of oneself."""
    return AROUND_LARGE if size > LARGE else AROUND


def _own_row(own: Own) -> BoardRow:
    assert own.rank is not None
    return BoardRow(own.rank, own.person_id, own.value, own.eve_rank)


def _place(placed: dict[float, BoardRow], rows: Sequence[BoardRow]) -> None:
    """Give consecutive rows their places: a rank that begins inside is its place exactly.

    Where all of them share one rank, the rank is the nearest place known.
    """
    known: Mapping[int, int] = {
        index: row.rank
        for index, row in enumerate(rows)
        if index > 0 and row.rank != rows[index - 1].rank
    }
    index, place = next(iter(known.items()), (0, rows[0].rank if rows else 0))
    taken = {row.person_id for row in placed.values()}
    for offset, row in enumerate(rows):
        if row.person_id not in taken:
            at: float = place - index + offset
            while at in placed:
                at += 1
            placed[at] = row
