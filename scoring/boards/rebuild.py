"""Building a board from the totals in PostgreSQL: after a flush, for a past period, by command.

Law: nothing told meanwhile is lost. The board is built aside, publishers tell it to both, and it
takes its place in one step; whoever reads sees the old board or the new one, never a half.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, tzinfo

import asyncpg
from redis.asyncio import Redis

from scoring.boards.apply import LEASE_S, PARTS, call, packed
from scoring.boards.bracketed import note_everybody
from scoring.boards.key import BoardKey
from scoring.boards.script import script
from scoring.boards.signal import signal
from scoring.boards.standing import HANDOVER_LOCK, audience_filter, public
from scoring.connection import Connection

_BATCH = 4000  # people a call: long enough to be quick, short enough not to hold up readers (4 ms)
_TRIES = 5  # a flush in the middle costs one
_WAIT_S = 60.0  # for PostgreSQL to come up with the first rows of a million, on a slow day
_LOOK_AGAIN_S = 0.02  # a small board is built in less
# Only who builds: what one that lost the build to a flush would clear is its successor's work.
_CLEAR = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('UNLINK', KEYS[2], KEYS[3]) end"

Progress = Callable[[int, int], None]


class BoardNotBuilt(RuntimeError):
    """A board could not be built, because Redis kept losing it or somebody else builds for ever."""


def nobody_watches(done: int, total: int) -> None:
    """A progress callback for work that nobody waits for."""


async def rebuild(
    connection: Connection,
    redis: Redis,
    board: BoardKey,
    zone: tzinfo,
    progress: Progress = nobody_watches,
) -> int:
    """Build a board from PostgreSQL and put it in place; returns how many people have a total.

    `connection` is not in a transaction. `progress(done, total)` is called along the way. Another
    process that builds the same board is waited for, then this one builds again.
    """
    await note_everybody(connection, board, zone)
    for _ in range(_TRIES):
        token = secrets.token_hex(8)
        await _claim(redis, board, token)
        try:
            built = await _build(connection, redis, board, token, progress)
            expires_at = board.expires_at(datetime.now(UTC), zone)
            version = await _finish(redis, board, token, expires_at) if built is not None else 0
        finally:
            await _give_up(redis, board, token)
        if built is not None and version:
            await signal(redis, {board: version})
            return built
    raise BoardNotBuilt(f"{board} could not be built: Redis lost it {_TRIES} times on the way")


async def ensure(connection: Connection, redis: Redis, board: BoardKey, zone: tzinfo) -> bool:
    """Build a board unless it is there; returns whether this call built it.

    If another process is at it, this waits for that one instead of building twice.
    """
    while not await is_ready(redis, board):
        if await redis.exists(board.part("building")):
            await asyncio.sleep(_LOOK_AGAIN_S)
            continue
        await rebuild(connection, redis, board, zone)
        return True
    return False


async def is_ready(redis: Redis, board: BoardKey) -> bool:
    """Whether Redis has the whole board."""
    keys = [board.part(name) for name in ("ranking", "versions", "state", "eve")]
    return bool(await redis.eval(script("read"), len(keys), *keys, 0, 0, "", 0))


async def _claim(redis: Redis, board: BoardKey, token: str) -> None:
    """Become the one who builds; a builder that died is waited for as long as its lease."""
    deadline = asyncio.get_running_loop().time() + 20 * LEASE_S
    while not await redis.set(board.part("building"), token, nx=True, px=LEASE_S * 1000):
        if asyncio.get_running_loop().time() > deadline:
            raise BoardNotBuilt(f"{board} is being built by another process that does not end")
        await asyncio.sleep(_LOOK_AGAIN_S)


async def _build(
    connection: Connection, redis: Redis, board: BoardKey, token: str, progress: Progress
) -> int | None:
    """Fill the board aside; None if Redis lost it on the way."""
    which = (board.metric, str(board.period), board.starts_on)
    total = await connection.fetchval(
        "select count(*) from total where metric = $1 and period = $2 and starts_on = $3", *which
    )
    done = 0
    async with _totals(connection, redis, board, token) as batches:
        filling: asyncio.Task[bool] | None = None
        try:
            async for batch in batches:
                # Redis takes one batch while PostgreSQL gives the next.
                if filling is not None and not await filling:
                    return None
                filling = asyncio.create_task(_fill(redis, board, batch, token))
                done += len(batch)
                progress(done, max(total, done))
            if filling is not None and not await filling:
                return None
        finally:
            if filling is not None:
                await asyncio.wait([filling])
    return done


async def _fill(redis: Redis, board: BoardKey, batch: Sequence[asyncpg.Record], token: str) -> bool:
    """Add a batch to the board aside; False if the build is no longer ours."""
    took_part, _, _ = await call(redis, board, packed(batch), 0, token)
    return bool(took_part == 1)


@asynccontextmanager
async def _totals(
    connection: Connection, redis: Redis, board: BoardKey, token: str
) -> AsyncIterator[AsyncIterator[list[asyncpg.Record]]]:
    """The board's totals as of now, in batches, from one snapshot."""
    async with AsyncExitStack() as handover:
        # Alone for a moment: no publisher holds something it has read but not told.
        await connection.execute("select pg_advisory_lock($1)", HANDOVER_LOCK, timeout=_WAIT_S)
        handover.push_async_callback(
            connection.execute, "select pg_advisory_unlock($1)", HANDOVER_LOCK
        )
        async with connection.transaction(readonly=True):
            await connection.execute("set local jit = off")
            # What a build that died left behind; from here on publishers add only fresher news.
            aside = [board.part(name) for name in ("building", "new-ranking", "new-versions")]
            await redis.eval(_CLEAR, len(aside), *aside, token)
            cursor = await connection.cursor(
                _select(board), board.metric, str(board.period), board.starts_on, timeout=_WAIT_S
            )
            first = await cursor.fetch(_BATCH, timeout=_WAIT_S)
            await handover.aclose()

            async def batches() -> AsyncIterator[list[asyncpg.Record]]:
                batch = first
                while batch:
                    yield batch
                    batch = await cursor.fetch(_BATCH, timeout=_WAIT_S)

            yield batches()


def _select(board: BoardKey) -> str:
    shown = public("t.person_id", "p.visibility", board.audience)
    return f"""
        select t.person_id::text, t.value, t.version, {shown}
        from total t left join profile p on p.person_id = t.person_id
        where t.metric = $1 and t.period = $2 and t.starts_on = $3 and {audience_filter(board)}
    """


async def _finish(redis: Redis, board: BoardKey, token: str, expires_at: int) -> int:
    keys = [board.part(name) for name in PARTS]
    version = await redis.eval(script("finish"), len(keys), *keys, token, expires_at)
    return int(version or 0)


async def _give_up(redis: Redis, board: BoardKey, token: str) -> None:
    """Let others build at once; without Redis the lease does it."""
    let_go = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"
    await redis.eval(let_go, 1, board.part("building"), token)
