"""Running the next draft that waits, by whoever counts it, and keeping what is known of it.

Law: what is kept of it names nobody; a draft that cannot be run says why and keeps no other waiting.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import structlog
from redis.asyncio import Redis

from app.what_ifs.asking import Asked, Job, finish, let_wait, save, take
from rewards import contest_under
from scoring import (
    REDIS_AWAY,
    Books,
    Foreseen,
    RulebookInvalid,
    as_if_always,
    as_if_corrected,
    keep_seasons,
    load_books,
    what_if,
)

_log = structlog.get_logger(__name__)
_SAID_EVERY_S: Final = 0.5  # the page asks every second
_FAILED: Final = "It could not be counted to its end. Run it again."

Progress = Callable[[int, int], Awaitable[None]]


class Outcome(msgspec.Struct):
    """What came of a draft, and whether anything changes of who asked."""

    result: Foreseen
    own_changes: bool
    contest: Foreseen | None = None


Count = Callable[[Asked, Progress], Awaitable[Outcome]]  # raises `RulebookInvalid`


async def run_next(redis: Redis, count: Count) -> int:
    """Run one draft, if one waits; returns how many were run. What goes wrong is raised, and said."""
    taken = await take(redis, datetime.now(UTC))
    if taken is None:
        return 0
    key, job, began = taken.key, taken.job, time.monotonic()

    async def progress(done: int, of: int) -> None:
        job.done, job.of = done, of

    ended = asyncio.Event()
    saying = asyncio.create_task(_say(redis, key, job, ended))
    try:
        outcome = await count(job.asked, progress)
        job.result, job.contest = outcome.result, outcome.contest
        job.state, job.own_changes = "done", outcome.own_changes
    except RulebookInvalid as refused:
        job.state, job.why = "failed", str(refused)
    except Exception:
        job.state, job.why = "failed", _FAILED
        raise
    finally:
        ended.set()  # not cancelled: a client of Redis may lose that, and then it would never end
        await saying
        if job.state == "running":  # this worker is told to end: another takes it up at once
            job.times -= 1
            await let_wait(redis, key, job, datetime.now(UTC))
        else:
            job.took_s, job.at = time.monotonic() - began, datetime.now(UTC)
            await finish(redis, key, job)
    _log.info("what_if_run", people=job.of, took_s=round(job.took_s, 1), state=job.state)
    return 1


async def _say(redis: Redis, key: str, job: Job, ended: asyncio.Event) -> None:
    """Say again and again how far it is, and with that, that somebody counts."""
    while not ended.is_set():
        job.at = datetime.now(UTC)
        with suppress(*REDIS_AWAY):
            await save(redis, key, job)
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), _SAID_EVERY_S)


def counted_by(connection: Any, zone: ZoneInfo) -> Count:
    """Counting on this connection, in this process."""

    async def count(asked: Asked, progress: Progress) -> Outcome:
        books = await books_of(connection, asked, zone)
        counted = await what_if(
            connection, books, asked.start_at, asked.end_at, progress=progress, own=asked.by
        )
        contest = await contest_of(connection, asked, progress)
        return Outcome(counted.foreseen(books), counted.own_changes, contest)

    return count


async def contest_of(connection: Any, asked: Asked, progress: Progress) -> Foreseen | None:
    """What a draft would make of the contest over whose stretch it is run, if it is a contest's."""
    if asked.contest is None:
        return None
    return await contest_under(connection, asked.contest, asked.toml, datetime.now(UTC), progress)


async def books_of(connection: Any, asked: Asked, zone: ZoneInfo) -> Books:
    """The books a draft is run by; raises `RulebookInvalid`."""
    await keep_seasons(connection)
    if asked.since_at is None:
        return as_if_always(asked.toml, zone)
    versions = await load_books(connection, zone)
    return as_if_corrected(versions, asked.toml, asked.since_at, datetime.now(UTC))
