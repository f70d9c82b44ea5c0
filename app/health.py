"""Whether this process lives, whether it can work, and its figures for Prometheus."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
from litestar import Request, Response, get
from litestar.enums import MediaType
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError

from app.database import migrations_not_applied
from app.listening import figures
from app.polls import counts
from app.upkeep import verified_words
from scoring import last_verified, streams_seen

PATIENCE_S: Final = 2.0  # an orchestrator asks every few seconds


@get("/health/live", media_type=MediaType.TEXT, include_in_schema=False)
async def live() -> str:
    """Answer while the process can; says nothing about what it depends on."""
    return "ok"


@get("/health/ready", include_in_schema=False)
async def ready(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """200 when PostgreSQL and Redis answer and all migrations ran; else 503 and what lacks.

    Beside that, when `fanfare verify` last looked and what came of it; it makes nothing unready.
    """
    state = await readiness(request.app.state)
    fine = all(value == "ok" for value in state.values())
    if fine:
        state["verified"] = await _verified(request.app.state.pool)
    return Response(state, status_code=200 if fine else 503, headers={"Cache-Control": "no-store"})


@get("/metrics", include_in_schema=False)
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The process's figures in Prometheus's text format, and what the tables say of polls and streams."""
    streams = b""
    try:
        async with asyncio.timeout(PATIENCE_S), request.app.state.pool.acquire() as connection:
            await counts.refresh(connection)
            streams = figures(await streams_seen(connection), datetime.now(UTC))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        counts.forget()  # better no figures than old ones
    return Response(generate_latest() + streams, media_type=CONTENT_TYPE_LATEST)


async def readiness(state: Any) -> dict[str, str]:
    """Each thing this process needs, 'ok' or what is wrong with it."""
    return {
        "postgresql": await _postgresql(state.pool),
        "migrations": await _migrations(state.settings.database_url),
        "redis": await _redis(state.redis),
    }


async def _postgresql(pool: asyncpg.Pool) -> str:
    try:
        await pool.fetchval("select 1", timeout=PATIENCE_S)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        return "does not answer"
    return "ok"


async def _verified(pool: asyncpg.Pool) -> str:
    try:
        async with asyncio.timeout(PATIENCE_S), pool.acquire() as connection:
            return verified_words(await last_verified(connection))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        return "cannot be read"


async def _migrations(database_url: str) -> str:
    try:
        missing = await migrations_not_applied(database_url)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        return "cannot be read"
    return "ok" if not missing else f"{len(missing)} to apply: run `fanfare migrate`"


async def _redis(redis: Any) -> str:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await redis.ping()
    except (RedisError, OSError, TimeoutError):
        return "does not answer"
    return "ok"


HANDLERS: Final = (live, ready, metrics)
