"""The boards as a page uses them: look, and get an answer, whatever the state of Redis.

Law: a look never fails and never shows half a board: a missing board is built, and while that takes
long or Redis is away, the answer comes from PostgreSQL and says so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import asyncpg
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from scoring.boards.bracketed import note_everybody
from scoring.boards.eve import build_eve, eve_day
from scoring.boards.fallback import ranks_slowly, read_slowly
from scoring.boards.key import BoardKey
from scoring.boards.read import NEIGHBOURS, ranks_of, read
from scoring.boards.rebuild import BoardNotBuilt, ensure
from scoring.boards.signal import versions
from scoring.boards.teams import LEAST_SIZE, Kind, Team, read_teams
from scoring.boards.view import Row, View
from scoring.periods import Period
from scoring.zones import company_zone

_log = structlog.get_logger(__name__)
T = TypeVar("T")

_BUILD_WAIT_S = 1.0  # a board of 10,000 is built in a fraction of it; longer is for the slow path
_EVE_WAIT_S = 0.25  # movement may come with the next look
_REDIS_WAIT_S = 1.0  # a thousand times what a look takes
_REDIS_REST_S = 1.0  # after a failure nobody waits for Redis again for so long
_SLOW_AT_ONCE = 2  # slow looks side by side: they must not take all of the pool
_TEAMS_KEPT_S = 3.0  # teams are sums over everybody; nobody sees the difference

# What tells that Redis is away, or still reads its file after a start.
REDIS_AWAY = (RedisError, OSError, TimeoutError)


class Boards:
    """All boards of this installation; one object a process. `close` it at the end."""

    def __init__(self, pool: asyncpg.Pool, redis: Redis, setting: ZoneInfo) -> None:
        self._pool = pool
        self._redis = redis
        self._setting = setting
        self._work: dict[str, asyncio.Task[None]] = {}
        self._slow = asyncio.Semaphore(_SLOW_AT_ONCE)
        self._rests_until = 0.0
        self._teams: dict[object, tuple[float, tuple[Team, ...]]] = {}

    @property
    def _zone(self) -> ZoneInfo:
        return company_zone(self._setting)  # which may change while this process runs

    async def view(
        self,
        board: BoardKey,
        *,
        offset: int = 0,
        limit: int = 50,
        person_id: int | None = None,
        neighbours: int = NEIGHBOURS,
        now: datetime | None = None,
    ) -> View:
        """Look at a board: `limit` people from `offset` on, a person's own line and neighbours."""
        moment = now or datetime.now(UTC)

        def look() -> Awaitable[View | None]:
            return read(self._redis, board, moment, self._zone, offset=offset, limit=limit,
                        person_id=person_id, neighbours=neighbours)  # fmt: skip

        view = await self._built(board, look)
        if view is None:
            async with self._slow, self._pool.acquire() as connection:
                await note_everybody(connection, board, self._zone)
                return await read_slowly(
                    connection, board, offset=offset, limit=limit, person_id=person_id
                )
        if not view.has_eve and eve_day(board, moment, self._zone) is not None:
            await self._within(_EVE_WAIT_S, f"eve {board}", lambda: self._build_eve(board, moment))
            view = await self._ask(look) or view
        return view

    async def ranks(self, board: BoardKey, people: Sequence[int]) -> dict[int, Row]:
        """The rows of some people, such as a search found; who is not on the board is left out."""
        if not people:
            return {}
        found = await self._built(board, lambda: ranks_of(self._redis, board, people))
        if found is None:
            async with self._slow, self._pool.acquire() as connection:
                await note_everybody(connection, board, self._zone)
                found = await ranks_slowly(connection, board, people)
        return found

    async def versions(self, boards: Sequence[BoardKey]) -> dict[BoardKey, int]:
        """The boards' versions, for an ETag; 0 for one that is not in Redis just now."""
        return await self._ask(lambda: versions(self._redis, boards)) or dict.fromkeys(boards, 0)

    async def teams(
        self,
        metric: str,
        period: Period,
        starts_on: date,
        kind: Kind = "department",
        least_size: int = LEAST_SIZE,
    ) -> tuple[Team, ...]:
        """Departments or offices by mean per active member; at most a few seconds old."""
        key = (metric, period, starts_on, kind, least_size)
        now = time.monotonic()
        kept_until, found = self._teams.get(key, (0.0, ()))
        if now >= kept_until:
            async with self._slow, self._pool.acquire() as connection:
                found = await read_teams(connection, metric, period, starts_on, kind, least_size)
            self._teams = {k: kept for k, kept in self._teams.items() if kept[0] > now}
            self._teams[key] = (now + _TEAMS_KEPT_S, found)
        return found

    async def close(self) -> None:
        """End what is being built in the background."""
        for task in self._work.values():
            task.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)

    async def _built(self, board: BoardKey, look: Callable[[], Awaitable[T | None]]) -> T | None:
        """The answer from Redis, the board being built for it if need be; else None."""
        answer = await self._ask(look)
        if answer is None and time.monotonic() >= self._rests_until:
            await self._within(_BUILD_WAIT_S, f"board {board}", lambda: self._build(board))
            answer = await self._ask(look)
        return answer

    async def _ask(self, look: Callable[[], Awaitable[T | None]]) -> T | None:
        if time.monotonic() < self._rests_until:
            return None
        try:
            async with asyncio.timeout(_REDIS_WAIT_S):
                return await look()
        except REDIS_AWAY as away:
            self._rests_until = time.monotonic() + _REDIS_REST_S
            _log.warning("boards_from_postgresql", why=f"Redis does not answer: {away}")
            return None

    async def _within(self, wait_s: float, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Wait a little for work that one task does for all who want it, and goes on anyway."""
        task = self._work.get(name)
        if task is None:
            task = self._work[name] = asyncio.ensure_future(work())
            task.add_done_callback(lambda _: self._work.pop(name, None))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(task), wait_s)

    async def _build(self, board: BoardKey) -> None:
        try:
            async with self._pool.acquire() as connection:
                await ensure(connection, self._redis, board, self._zone)
        except (*REDIS_AWAY, BoardNotBuilt) as away:
            _log.warning("board_not_built", board=str(board), why=str(away))

    async def _build_eve(self, board: BoardKey, now: datetime) -> None:
        try:
            async with self._pool.acquire() as connection:
                await build_eve(connection, self._redis, board, now, self._zone)
        except REDIS_AWAY as away:
            _log.warning("eve_not_built", board=str(board), why=str(away))
