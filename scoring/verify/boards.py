"""Boards in Redis against the totals in PostgreSQL.

A board is read after its totals. Law: what it knows of a later version is news, and what the outbox
still holds is on its way; anything else must be equal.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from redis.asyncio import Redis

from scoring.boards import BoardKey, boards_in_redis
from scoring.boards.rebuild import is_ready
from scoring.boards.standing import audience_filter, public
from scoring.connection import Connection
from scoring.verify.difference import BoardDiffers

_BATCH = 5_000  # people a look


async def compare_boards(connection: Connection, redis: Redis) -> AsyncIterator[list[BoardDiffers]]:
    """For every board that Redis has whole, what differs from the totals."""
    boards = sorted([board async for board in boards_in_redis(redis)])
    for board in boards:
        if await is_ready(redis, board):
            yield await _compare(connection, redis, board)


async def _compare(connection: Connection, redis: Redis, board: BoardKey) -> list[BoardDiffers]:
    differs: list[BoardDiffers] = []
    known: set[bytes] = set()
    last = 0
    while rows := await connection.fetch(
        _totals(board), board.metric, str(board.period), board.starts_on, last, _BATCH
    ):
        last = rows[-1]["person_id"]
        members = [str(row["person_id"]) for row in rows]
        known.update(member.encode() for member in members)
        trip = redis.pipeline(transaction=False)
        trip.zmscore(board.part("ranking"), members)
        trip.hmget(board.part("versions"), members)
        scores, versions = await trip.execute()
        for row, score, noted in zip(rows, scores, versions, strict=True):
            version = int(noted.split()[0]) if noted else 0
            if row["waits"] or version > row["version"]:
                continue
            wanted = row["value"] if row["shown"] and row["value"] > 0 else None
            found = None if score is None else int(score)
            if found != wanted:
                differs.append(BoardDiffers(row["person_id"], str(board), wanted, found))
    return differs + await _strangers(connection, redis, board, known)


async def _strangers(
    connection: Connection, redis: Redis, board: BoardKey, known: set[bytes]
) -> list[BoardDiffers]:
    """People the board shows who have no total there, or stand before another audience."""
    ranking = board.part("ranking")
    people = [
        int(member)
        async for member, _ in redis.zscan_iter(ranking, count=_BATCH)
        if member not in known
    ]
    if not people:
        return []
    # Somebody whose first points came meanwhile looks the same: ask PostgreSQL again, and then
    # the board, for who left meanwhile.
    rows = await connection.fetch(
        f"""select t.person_id
            from total t left join profile p on p.person_id = t.person_id
            where t.person_id = any($4::bigint[]) and t.metric = $1 and t.period = $2
              and t.starts_on = $3 and {audience_filter(board)}
            union
            select person_id from outbox
            where person_id = any($4::bigint[]) and metric = $1 and period = $2
              and starts_on = $3""",
        board.metric,
        str(board.period),
        board.starts_on,
        people,
    )
    strange = sorted(set(people) - {row["person_id"] for row in rows})
    if not strange:
        return []
    scores = await redis.zmscore(ranking, [str(person) for person in strange])
    return [
        BoardDiffers(person, str(board), None, int(score))
        for person, score in zip(strange, scores, strict=True)
        if score is not None
    ]


def _totals(board: BoardKey) -> str:
    shown = public("t.person_id", "p.visibility", board.audience)
    return f"""
        select t.person_id, t.value, t.version, {shown} as shown,
          exists (select from outbox o where o.person_id = t.person_id and o.metric = t.metric
                  and o.period = t.period and o.starts_on = t.starts_on) as waits
        from total t left join profile p on p.person_id = t.person_id
        where t.metric = $1 and t.period = $2 and t.starts_on = $3 and {audience_filter(board)}
          and t.person_id > $4
        order by t.person_id limit $5
    """
