"""Running the next draft that waits, in a worker.

Law: what is kept of it names nobody; a draft that cannot be run says why and keeps no other waiting.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from redis.asyncio import Redis

from app.what_ifs.asking import Job, save, take
from scoring import RulebookInvalid, as_if_always, as_if_corrected, load_books, what_if

_log = structlog.get_logger(__name__)
_SAID_EVERY_S: Final = 0.5  # the page asks every second


async def run_next(connection: Any, redis: Redis, zone: ZoneInfo) -> int:
    """Run one draft, if one waits; returns how many were run."""
    taken = await take(redis)
    if taken is None:
        return 0
    key, job = taken.key, taken.job
    began, said = time.monotonic(), 0.0

    async def progress(done: int, of: int) -> None:
        nonlocal said
        if time.monotonic() - said >= _SAID_EVERY_S:
            said = time.monotonic()
            job.done, job.of, job.at = done, of, datetime.now(UTC)
            await save(redis, key, job)

    try:
        await _run(connection, job, zone, progress)
    except RulebookInvalid as refused:
        job.state, job.why = "failed", str(refused)
    except Exception:
        job.state, job.why = "failed", "The database did not answer in time. Run it again."
        await _end(redis, key, job, began)
        raise
    await _end(redis, key, job, began)
    _log.info("what_if_run", people=job.of, took_s=round(job.took_s, 1), state=job.state)
    return 1


async def _run(connection: Any, job: Job, zone: ZoneInfo, progress: Any) -> None:
    asked = job.asked
    if asked.since_at is None:
        books = as_if_always(asked.toml, zone)
    else:
        versions = await load_books(connection, zone)
        books = as_if_corrected(versions, asked.toml, asked.since_at, datetime.now(UTC))
    counted = await what_if(connection, books, asked.start_at, asked.end_at, progress=progress)
    job.result = counted.foreseen(books)
    job.own_changes = counted.now.get(asked.by, 0) != counted.then.get(asked.by, 0)
    job.state = "done"


async def _end(redis: Redis, key: str, job: Job, began: float) -> None:
    job.took_s, job.at = time.monotonic() - began, datetime.now(UTC)
    await save(redis, key, job)
