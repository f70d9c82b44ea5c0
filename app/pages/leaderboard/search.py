"""Finding a colleague on a board. Law: only by the name they show, only if the board ranks them, and
only if this viewer may see their place; in every other case the answer is the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from app.pages.leaderboard.kindness import may_see
from scoring import BoardKey, BoardRow, Boards

MOST: Final = 3  # people shown for one search; with more, a longer name helps
CANDIDATES: Final = 40

# People whose shown name begins with the words come before those who have them further in.
_NAMES = """
select person_id from (
  select person_id, case when visibility = 'alias' then alias else name end as shown
  from profile where visibility <> 'hidden'
) as seen
where shown ilike '%' || $1 || '%'
order by shown not ilike $1 || '%', lower(shown), person_id limit $2
"""


async def search(
    connection: Any,
    boards: Boards,
    board: BoardKey,
    words: str,
    *,
    own_rank: int | None,
    ranked: int,
) -> Sequence[BoardRow]:
    """The rows of up to MOST people called so, best first."""
    if not words or "\0" in words:
        return []
    found = await connection.fetch(_NAMES, escaped(words), CANDIDATES)
    rows = await boards.ranks(board, [row["person_id"] for row in found])
    seen = [row for row in rows.values() if may_see(row.rank, own=own_rank, ranked=ranked)]
    # The names' order decides who is shown, the board's in which order.
    order = [row["person_id"] for row in found]
    seen.sort(key=lambda row: order.index(row.person_id))
    return sorted(seen[:MOST], key=lambda row: (row.rank, row.person_id))


def escaped(words: str) -> str:
    """Words for LIKE, in which % and _ mean themselves."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
