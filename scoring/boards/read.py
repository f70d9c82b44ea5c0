"""Looking at a board: its top, its size, one person with neighbours and gap, in one Redis call.

Law: nobody ever sees half a board. One that is not there is None here; `Boards.view` builds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from redis.asyncio import Redis

from scoring.boards.eve import eve_day, eve_part
from scoring.boards.key import BoardKey
from scoring.boards.script import script
from scoring.boards.view import Own, Row, Source, View, kindly, ranked

NEIGHBOURS = 2  # on each side of oneself, as the page has room for


async def read(
    redis: Redis,
    board: BoardKey,
    now: datetime,
    zone: tzinfo,
    *,
    offset: int = 0,
    limit: int = 50,
    person_id: int | None = None,
    neighbours: int = NEIGHBOURS,
) -> View | None:
    """Look at a board in one round trip; None if it is not in Redis.

    `offset` and `limit` count people from the top. `person_id` asks for own line and neighbours.
    """
    day = eve_day(board, now, zone)
    keys = [board.part(name) for name in ("ranking", "versions", "state", eve_part(day))]
    person = "" if person_id is None else person_id
    answer = await redis.eval(script("read"), len(keys), *keys, offset, limit, person, neighbours)
    if not answer:
        return None
    version, size, has_eve, top, own, around = answer
    own_line = _own(person_id, own) if person_id is not None else None
    return View(
        board=board,
        version=int(version),
        size=int(size),
        top=_rows(top),
        own=own_line,
        around=kindly(_rows(around), own_line, int(size)),
        source=Source.REDIS,
        has_eve=bool(has_eve),
    )


async def ranks_of(redis: Redis, board: BoardKey, people: Sequence[int]) -> dict[int, Row] | None:
    """The rows of some people, e.g. those a search found; None if the board is not in Redis.

    Who is not on the board, for whatever reason, is not in the answer.
    """
    keys = [board.part(name) for name in ("ranking", "versions", "state")]
    answer = await redis.eval(script("ranks"), len(keys), *keys, *people)
    if not answer:
        return None
    found = iter(answer[1:])
    return {
        int(person): Row(int(rank), int(person), int(value))
        for person, value, rank in zip(found, found, found, strict=True)
    }


def _own(person_id: int, own: Sequence[bytes | int]) -> Own:
    value, public, rank, next_value, next_rank, eve_rank = own
    return Own(
        person_id=person_id,
        value=int(value),
        rank=int(rank) if int(value) > 0 else None,
        public=public == b"1",
        next_value=_known(next_value),
        next_rank=_known(next_rank),
        eve_rank=_known(eve_rank),
    )


def _rows(slice_: Sequence[bytes | int]) -> tuple[Row, ...]:
    if not slice_:
        return ()
    position, first_rank, *rest = slice_
    return ranked(int(position), int(first_rank), _people(rest))


def _people(flat: Sequence[bytes | int]) -> Iterator[tuple[int, int, int | None]]:
    each = iter(flat)
    for person, value, eve_rank in zip(each, each, each, strict=True):
        yield int(person), int(value), _known(eve_rank)


def _known(number: bytes | int) -> int | None:
    return None if number == b"" else int(number)
