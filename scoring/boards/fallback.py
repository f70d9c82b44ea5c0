"""The slow path: a board's top from PostgreSQL, while Redis is away or the board is being built.

Law: the same people in the same order with the same ranks as in Redis.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.boards.key import BoardKey
from scoring.boards.standing import audience_filter, public
from scoring.boards.view import Own, Row, Source, View, ranked
from scoring.connection import Connection


async def read_slowly(
    connection: Connection,
    board: BoardKey,
    *,
    offset: int = 0,
    limit: int = 50,
    person_id: int | None = None,
) -> View:
    """The top and one's own rank, counted now; takes a sort of everyone on the board."""
    which = (board.metric, str(board.period), board.starts_on)
    records = await connection.fetch(_page(board), *which, limit, offset)
    size = records[0]["size"] if records else await _count(connection, board, which, 0)
    own = None if person_id is None else await _own(connection, board, which, person_id)
    top = ranked(
        offset,
        records[0]["rank"] if records else 1,
        ((record["person_id"], record["value"], None) for record in records),
    )
    return View(board, 0, size, top, own, (), Source.POSTGRESQL, has_eve=False)


async def ranks_slowly(
    connection: Connection, board: BoardKey, people: Sequence[int]
) -> dict[int, Row]:
    """The rows of some people; who is not on the board is left out."""
    which = (board.metric, str(board.period), board.starts_on)
    records = await connection.fetch(
        f"""with standing as materialized ({_standing(board)} and t.value > 0)
            select person_id, value,
                (select 1 + count(*) from standing b where b.value > s.value) as rank
            from standing s where person_id = any ($4)""",
        *which,
        list(people),
    )
    return {
        record["person_id"]: Row(record["rank"], record["person_id"], record["value"])
        for record in records
    }


async def _own(
    connection: Connection, board: BoardKey, which: tuple[object, ...], person_id: int
) -> Own:
    found = await connection.fetchrow(
        f"""select t.value, {_shown(board)}
            from total t join profile p on p.person_id = t.person_id
            where t.metric = $1 and t.period = $2 and t.starts_on = $3 and t.person_id = $4""",
        *which,
        person_id,
    )
    value, shown = found or (0, False)
    if value <= 0:
        return Own(person_id, max(value, 0), None, public=False)
    rank = 1 + await _count(connection, board, which, value)
    return Own(person_id, value, rank, public=shown)


async def _count(
    connection: Connection, board: BoardKey, which: tuple[object, ...], above: int
) -> int:
    people = await connection.fetchval(
        f"select count(*) from ({_standing(board)} and t.value > $4) s",
        *which,
        above,
    )
    return int(people)


def _page(board: BoardKey) -> str:
    # Equal values stand in Redis' own order: members as bytes, descending.
    return f"""
        select person_id, value, rank() over (order by value desc), count(*) over () as size
        from ({_standing(board)} and t.value > 0) s
        order by value desc, person_id::text collate "C" desc limit $4 offset $5
    """


def _standing(board: BoardKey) -> str:
    return f"""
        select t.person_id, t.value from total t join profile p on p.person_id = t.person_id
        where t.metric = $1 and t.period = $2 and t.starts_on = $3
          and {_shown(board)}
    """


def _shown(board: BoardKey) -> str:
    shown = public("t.person_id", "p.visibility", board.audience)
    return f"{audience_filter(board)} and {shown}"
