"""A draft that is to be run: what was asked, how far it is, what came of it. Kept in Redis for a day.

Laws: it is disposable. Whoever finds it gone runs the draft again; nothing that holds depends on it. A draft
whose worker has ended is taken up by another, three times at most; then its page says so.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from redis.asyncio import Redis

from scoring import Foreseen

KEPT_S: Final = 24 * 3600  # a draft is looked at the same day, or run again
MOST_WAITING: Final = 20  # more are asked for by a stuck key, not by people
SILENT: Final = timedelta(seconds=20)  # a worker says every second or two that it is there
MOST_TIMES: Final = 3  # a draft that outlived as many workers is what ended them
WAITING: Final = "fanfare:what-if:waiting"
RUNNING: Final = "fanfare:what-if:running"
GIVEN_UP: Final = "The worker that counted has ended, and so did those that took it up."


class TooManyWaiting(Exception):
    """So many drafts wait that another one would only wait with them."""


class Asked(msgspec.Struct, frozen=True):
    """A draft, the stretch it is run over, and who asked.

    `since_at`: as a correction from that moment on, instead of as if it had always held.
    """

    toml: str
    begun_from: str  # what the draft began with, as the page says it
    over: str  # the stretch in words
    start_at: datetime
    end_at: datetime
    by: int
    since_at: datetime | None = None
    contest: str | None = None  # whose stretch it is; then it is counted by its charter, too


class Job(msgspec.Struct):
    """Where a draft is: waiting, running, done or failed."""

    asked: Asked
    state: str
    at: datetime  # when it was heard of last
    done: int = 0
    of: int = 0
    took_s: float = 0.0
    result: Foreseen | None = None
    contest: Foreseen | None = None  # its entrants, where rules decide what counts in it
    own_changes: bool = False  # whether the points of who asked change
    why: str = ""
    times: int = 0  # how often a worker took it up

    def silent(self, now: datetime) -> bool:
        """Whether its worker has said nothing for so long that it must have ended."""
        return self.state == "running" and now - self.at > SILENT

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return 100 * self.done // self.of if self.of else 0


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that this worker runs."""

    key: str
    job: Job


async def ask(redis: Redis, asked: Asked) -> str:
    """Put a draft into the queue; returns its key. Raises `TooManyWaiting`."""
    if await redis.llen(WAITING) + await redis.llen(RUNNING) >= MOST_WAITING:
        raise TooManyWaiting
    key = secrets.token_urlsafe(9)
    await save(redis, key, Job(asked, "waiting", datetime.now(UTC)))
    await redis.rpush(WAITING, key)
    return key


async def job(redis: Redis, key: str) -> Job | None:
    """A draft's job; None where it is gone or never was."""
    found = await redis.get(_address(key))
    return None if found is None else msgspec.json.decode(found, type=Job)


async def take(redis: Redis, now: datetime) -> Taken | None:
    """The next waiting job, now running; None where nothing waits."""
    await _take_up(redis, now)
    # From one list to the other at once: a worker that ends here leaves it where it is looked for.
    key = await redis.lmove(WAITING, RUNNING, "LEFT", "RIGHT")
    if key is None:
        return None
    name = _name(key)
    waiting = await job(redis, name)
    if waiting is None:
        await redis.lrem(RUNNING, 0, name)
        return None
    waiting.state, waiting.at, waiting.times = "running", now, waiting.times + 1
    await save(redis, name, waiting)
    return Taken(name, waiting)


async def _take_up(redis: Redis, now: datetime) -> None:
    """Let wait again what a worker that has ended was running."""
    for key in await redis.lrange(RUNNING, 0, -1):
        name = _name(key)
        running = await job(redis, name)
        # A job that is still waiting here was being taken by whoever ended.
        ended = running is not None and now - running.at > SILENT
        if running is not None and running.state in ("running", "waiting") and not ended:
            continue
        if not await redis.lrem(RUNNING, 1, name) or running is None or not ended:
            continue  # another worker was quicker, or there is nothing to do any more
        if running.state in ("running", "waiting"):
            await let_wait(redis, name, running, now)


async def let_wait(redis: Redis, key: str, job: Job, now: datetime) -> None:
    """Put a job that was not finished back to the front; one that was taken up too often is given up."""
    job.at = now
    if job.times >= MOST_TIMES:
        job.state, job.why = "failed", GIVEN_UP
    else:
        job.state, job.done = "waiting", 0
    await save(redis, key, job)
    await redis.lrem(RUNNING, 0, key)
    if job.state == "waiting":
        await redis.lpush(WAITING, key)


async def finish(redis: Redis, key: str, job: Job) -> None:
    """Keep what came of a job; nobody needs to look after it any more."""
    await save(redis, key, job)
    await redis.lrem(RUNNING, 0, key)


def _name(key: bytes | str) -> str:
    return key.decode() if isinstance(key, bytes) else str(key)


async def save(redis: Redis, key: str, job: Job) -> None:
    """Say where a job is."""
    await redis.set(_address(key), msgspec.json.encode(job), ex=KEPT_S)


def _address(key: str) -> str:
    return f"fanfare:what-if:{key}"
