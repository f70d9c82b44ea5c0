"""Boards in Redis against the totals in PostgreSQL, so many people at a time.

A board is read after its totals. Law: what it knows of a later version is news, and what the outbox
still holds is on its way; anything else must be equal. What differs is looked at a second time, for
between the two reads a person may have been hidden, or come back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from redis.asyncio import Redis

from scoring.boards import BoardKey, boards_in_redis
from scoring.boards.key import EVERYONE
from scoring.boards.rebuild import is_ready
from scoring.boards.standing import audience_filter, public
from scoring.connection import Connection
from scoring.verify.difference import BoardDiffers
from scoring.verify.whom import EVERYBODY, Whom, people_of

_BATCH: Final = 5_000  # people a look


class Compared(NamedTuple):
    """How far a comparison is, and what it found in the last batch of people."""

    boards: int  # begun
    whole: int  # of so many
    broken: int  # not whole in Redis: nobody is shown them, and they are built again
    differs: list[BoardDiffers]


async def compare_boards(
    connection: Connection, redis: Redis, whom: Whom = EVERYBODY
) -> AsyncIterator[Compared]:
    """What differs from the totals on every board that Redis has whole, a batch of people at a time.

    `whom.since` leaves nobody out.
    """
    boards = sorted([board async for board in boards_in_redis(redis)])
    done = broken = 0
    for board in boards:
        if not await is_ready(redis, board):
            broken += 1
            yield Compared(done, len(boards) - broken, broken, [])
            continue
        done += 1
        yield Compared(done, len(boards) - broken, broken, [])
        async for people in _standing(connection, redis, board, whom):
            differs = await _differing(connection, redis, board, people)
            if differs:
                found = set(differs)
                again = [one.person_id for one in differs]
                differs = [
                    one for one in await _differing(connection, redis, board, again) if one in found
                ]
            yield Compared(done, len(boards) - broken, broken, differs)


async def _standing(
    connection: Connection, redis: Redis, board: BoardKey, whom: Whom
) -> AsyncIterator[list[int]]:
    """The people who have a total there, and then those whom the board shows without one."""
    if not whom.is_everybody:
        async for people in people_of(
            connection, Whom(1, whom.person_id, whom.department_id), _BATCH
        ):
            yield people
        return
    last = 0
    while rows := await connection.fetch(
        f"{_belonging(board)} and person_id > $4 order by person_id limit $5",
        *_named(board),
        last,
        _BATCH,
    ):
        last = rows[-1]["person_id"]
        yield [row["person_id"] for row in rows]
    cursor, begun = 0, False
    while cursor or not begun:
        begun = True
        cursor, page = await redis.zscan(board.part("ranking"), cursor, count=_BATCH)
        people = sorted({int(member) for member, _ in page})
        known = await connection.fetch(
            f"{_belonging(board)} and person_id = any($4::bigint[])", *_named(board), people
        )
        if strangers := sorted(set(people) - {row["person_id"] for row in known}):
            yield strangers


def _named(board: BoardKey) -> tuple[str, str, date]:
    return board.metric, str(board.period), board.starts_on


def _belonging(board: BoardKey) -> str:
    """SQL for those who may stand there; before few, all of those, by the index on their profiles."""
    if board.audience == EVERYONE:
        return "select person_id from total where metric = $1 and period = $2 and starts_on = $3"
    return f"""select person_id from profile p
        where $1::text is not null and $2::text is not null and $3::date is not null
          and {audience_filter(board)}"""


async def _differing(
    connection: Connection, redis: Redis, board: BoardKey, people: Sequence[int]
) -> list[BoardDiffers]:
    """Those of these people who stand otherwise on the board than their totals say, in order."""
    rows = await connection.fetch(_totals(board), *_named(board), list(people))
    members = [str(person) for person in people]
    trip = redis.pipeline(transaction=False)
    trip.zmscore(board.part("ranking"), members)
    trip.hmget(board.part("versions"), members)
    scores, versions = await trip.execute()
    told = {row["person_id"]: row for row in rows}
    differs = []
    for person, score, noted in zip(people, scores, versions, strict=True):
        row = told[person]
        version = int(noted.split()[0]) if noted else 0
        if row["waits"] or version > (row["version"] or 0):
            continue
        wanted = row["value"] if row["shown"] and row["value"] > 0 else None
        found = None if score is None else int(score)
        if found != wanted:
            differs.append(BoardDiffers(person, str(board), wanted, found))
    return differs


def _totals(board: BoardKey) -> str:
    shown = public("asked.id", "p.visibility", board.audience)
    return f"""
        select asked.id as person_id, coalesce(t.value, 0) as value, t.version,
          t.person_id is not null and {shown} and coalesce({audience_filter(board)}, false) as shown,
          exists (select from outbox o where o.person_id = asked.id and o.metric = $1
                  and o.period = $2 and o.starts_on = $3) as waits
        from unnest($4::bigint[]) as asked (id)
        left join total t on t.person_id = asked.id and t.metric = $1 and t.period = $2
          and t.starts_on = $3
        left join profile p on p.person_id = asked.id
    """
