"""Giving totals to one board in Redis.

Law: a board accepts a person's total only with a higher version, so any order and repetition of
calls, by any number of processes, leaves the same board.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

import msgspec.msgpack
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from scoring.boards.key import BoardKey
from scoring.boards.script import script

LEASE_S = 30  # a build that shows no life for this long is over; another may begin


class Told(NamedTuple):
    """A person's total, as a board takes it."""

    person_id: int
    value: int
    version: int
    visible: bool  # public: an active person who is not hidden


class Applied(NamedTuple):
    """What a board did with totals."""

    ready: bool  # False: there is no such board in Redis; who builds it reads these totals
    changed: int  # how many were newer than what the board knew
    version: int  # the board's, 0 if it is not there


async def apply(redis: Redis, board: BoardKey, rows: Iterable[Told], expires_at: int) -> Applied:
    """Give totals to one board, one call. `expires_at` in Unix seconds, 0 for never."""
    return (await apply_all(redis, {board: (rows, expires_at)}))[board]


async def apply_all(
    redis: Redis, boards: Mapping[BoardKey, tuple[Iterable[Told], int]]
) -> dict[BoardKey, Applied]:
    """Give totals to several boards: one call a board, all of them in one trip."""
    trip: Pipeline = redis.pipeline(transaction=False)
    for board, (rows, expires_at) in boards.items():
        call(trip, board, _packed(rows), expires_at)
    answers = await trip.execute()
    return {
        board: Applied(took_part == 2, int(changed), int(version))
        for board, (took_part, changed, version) in zip(boards, answers, strict=True)
    }


def call(redis: Any, board: BoardKey, rows: bytes, expires_at: int, token: str = "") -> Any:
    """The call itself, on a client or a pipeline. With a `token`: part of that build."""
    return redis.eval(
        script("apply"),
        len(PARTS),
        *(board.part(name) for name in PARTS),
        rows,
        expires_at,
        token,
        LEASE_S * 1000,
    )


# Ranking, versions, state; the first two of a board being built, and who builds it.
PARTS = ("ranking", "versions", "state", "new-ranking", "new-versions", "building")


def _packed(rows: Iterable[Told]) -> bytes:
    newest: dict[int, Told] = {}
    for row in rows:
        known = newest.get(row.person_id)
        if known is None or row.version > known.version:
            newest[row.person_id] = row
    # The member as text: Lua would write a large number with an exponent.
    return packed((str(row[0]), *row[1:]) for row in newest.values())


def packed(rows: Iterable[Iterable[object]]) -> bytes:
    """What the script takes: (person as text, value, version, visible) one after another."""
    return msgspec.msgpack.encode(list(chain.from_iterable(rows)))
