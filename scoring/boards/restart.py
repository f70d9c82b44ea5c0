"""Noticing that Redis was restarted.

A Redis that died may have lost the last second of what it took (appendfsync everysec), a replica
that took over perhaps more, while the outbox has let those rows go. Law: after a restart or a
failover every board that Redis still has is built again from PostgreSQL.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import tzinfo

from redis.asyncio import Redis

from scoring.boards.key import BoardKey, UnknownBoard
from scoring.boards.rebuild import rebuild
from scoring.connection import Connection

_KNOWN_RUN = "fanfare:redis-run"


async def rebuild_after_restart(connection: Connection, redis: Redis, zone: tzinfo) -> int:
    """Build every board again if this is not the Redis that we last saw; returns how many."""
    server = await redis.info("server")
    run = str(server["run_id"])
    known = await redis.get(_KNOWN_RUN)
    if known == run.encode():
        return 0
    built = 0
    # No memory of a run: a fresh or flushed Redis, where what there is was built since.
    if known is not None:
        async for board in boards_in_redis(redis):
            await rebuild(connection, redis, board, zone)
            built += 1
    await redis.set(_KNOWN_RUN, run)
    return built


async def boards_in_redis(redis: Redis) -> AsyncIterator[BoardKey]:
    """Every board that Redis has just now, of the seasons this process follows."""
    async for key in redis.scan_iter(match="fanfare:{*}:state", count=1000):
        name = key.decode()
        try:
            board = BoardKey.parse(name[name.index("{") + 1 : name.index("}")])
        except UnknownBoard:
            continue  # of a metric that an older version had; it expires
        if board.is_known:
            yield board
