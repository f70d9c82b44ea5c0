"""Telling the world that a board changed: its id and version, never its contents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec.json
from redis.asyncio import Redis

from scoring.boards.key import BoardKey

SIGNALS = "fanfare:signals"


class Signal(msgspec.Struct, frozen=True):
    """A board's new version, as it goes through Redis to whoever holds open connections."""

    board: str
    version: int


async def signal(redis: Redis, versions: Mapping[BoardKey, int]) -> None:
    """Say which boards changed. A signal that is lost heals by the pages' own slower look."""
    if not versions:
        return
    trip = redis.pipeline(transaction=False)
    for board, version in versions.items():
        trip.publish(SIGNALS, msgspec.json.encode(Signal(str(board), version)))
    await trip.execute()


def read_signal(message: bytes) -> Signal | None:
    """A message from the channel; None if it is not ours."""
    try:
        return msgspec.json.decode(message, type=Signal)
    except msgspec.DecodeError:
        return None


async def versions(redis: Redis, boards: Sequence[BoardKey]) -> dict[BoardKey, int]:
    """The current version of each board in one trip; 0 for a board that is not in Redis."""
    trip = redis.pipeline(transaction=False)
    for board in boards:
        trip.hget(board.part("state"), "version")
    return {
        board: int(version or 0)
        for board, version in zip(boards, await trip.execute(), strict=True)
    }
