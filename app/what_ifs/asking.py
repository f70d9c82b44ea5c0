"""A draft that is to be run: what was asked, how far it is, what came of it. Kept in Redis for a day.

Law: it is disposable. Whoever finds it gone runs the draft again; nothing that holds depends on it.
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
SILENT: Final = timedelta(seconds=30)  # a worker says something every second or two
WAITING: Final = "fanfare:what-if:waiting"


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


class Job(msgspec.Struct):
    """Where a draft is: waiting, running, done or failed."""

    asked: Asked
    state: str
    at: datetime  # when it was heard of last
    done: int = 0
    of: int = 0
    took_s: float = 0.0
    result: Foreseen | None = None
    own_changes: bool = False  # whether the points of who asked change
    why: str = ""

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
    if await redis.llen(WAITING) >= MOST_WAITING:
        raise TooManyWaiting
    key = secrets.token_urlsafe(9)
    await save(redis, key, Job(asked, "waiting", datetime.now(UTC)))
    await redis.rpush(WAITING, key)
    return key


async def job(redis: Redis, key: str) -> Job | None:
    """A draft's job; None where it is gone or never was."""
    found = await redis.get(_address(key))
    return None if found is None else msgspec.json.decode(found, type=Job)


async def take(redis: Redis) -> Taken | None:
    """The next waiting job, now running; None where nothing waits."""
    key = await redis.lpop(WAITING)
    if key is None:
        return None
    name = key.decode() if isinstance(key, bytes) else str(key)
    waiting = await job(redis, name)
    if waiting is None:
        return None
    waiting.state, waiting.at = "running", datetime.now(UTC)
    await save(redis, name, waiting)
    return Taken(name, waiting)


async def save(redis: Redis, key: str, job: Job) -> None:
    """Say where a job is."""
    await redis.set(_address(key), msgspec.json.encode(job), ex=KEPT_S)


def _address(key: str) -> str:
    return f"fanfare:what-if:{key}"
