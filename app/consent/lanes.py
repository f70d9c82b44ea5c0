"""What is due of consents, server by server.

Law: a network, or a server of one, that is slow or does not answer delays no other's; any number of workers
may do this side by side.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import asyncpg

from app.settings import Settings

_AT_ONCE: Final = 60
_OF_ONE_SERVER: Final = 10
_SIDE_BY_SIDE: Final = 4  # servers; each needs a connection while it is asked
_LANE_S: Final = 10.0  # after this long nothing more is asked of one server in this round
# The longest due of every server before the second of any.
_DUE: Final = """
  select id, platform, server from (
    select *, row_number() over (partition by platform, server order by due_at, id) as place
    from consent where due_at <= $1 and (state = 'withdrawn') = $4) due
  where place <= $2 order by place, due_at, id limit $3
"""

# Does what is due of one server; these are its rows.
Lane = Callable[[Any, Sequence[Any]], Awaitable[None]]


async def anything_in_lanes(connection: Any, now: datetime, *, withdrawn: bool) -> bool:
    """Whether anything is due: a small question, asked often."""
    due: bool = await connection.fetchval(
        "select exists (select from consent where due_at <= $1 and (state = 'withdrawn') = $2)",
        now,
        withdrawn,
    )
    return due


async def in_lanes(
    connection: Any, settings: Settings, lane: Lane, now: datetime, *, withdrawn: bool
) -> int:
    """Some of what is due of each server, by a lane a server; returns how much that was.

    Not inside a transaction. Where several servers are to be asked it opens connections of its own.
    """
    due = await connection.fetch(_DUE, now, _OF_ONE_SERVER, _AT_ONCE, withdrawn)
    lanes: dict[tuple[str, str | None], list[Any]] = defaultdict(list)
    for row in due:
        lanes[row["platform"], row["server"]].append(row)
    if len(lanes) < 2:
        for rows in lanes.values():
            await lane(connection, rows)
        return len(due)
    waiting = list(lanes.values())[::-1]

    async def work() -> None:
        mine = await asyncpg.connect(settings.require_database_url())
        try:
            while waiting:
                await lane(mine, waiting.pop())
        finally:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await mine.close(timeout=5.0)

    # None is broken off because of another: what a network gave meanwhile must be written down.
    work_done = await asyncio.gather(
        *(work() for _ in range(min(_SIDE_BY_SIDE, len(waiting)))), return_exceptions=True
    )
    for fault in work_done:
        if isinstance(fault, BaseException):
            raise fault
    return len(due)


def while_there_is_time(rows: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """The rows of a lane with their places, until its time in this round is over."""
    began = time.monotonic()
    for place, row in enumerate(rows):
        if time.monotonic() - began > _LANE_S:
            return
        yield place, row
