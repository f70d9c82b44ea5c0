"""What must happen because time passes. Every worker has a clock, one of them at a time is heard.

Law: jobs may be done twice or late, never half; one that fails keeps no other from its turn.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from redis.asyncio import Redis

import scoring
from app.settings import Settings
from app.worker.loops import PASSING
from rewards import lapse, remind
from scoring import (
    build_eves,
    drop_old_deliveries,
    ensure_partitions,
    forget_deeds,
    forget_deliveries,
    forget_files,
    forget_old_refusals,
    forget_pictures,
    forget_visitors,
    keep_past,
    record_zone,
    republish_newly_effective,
    settle_told,
)

_log = structlog.get_logger(__name__)

EVERY_S = 30.0
_LEADER_LOCK = 0x636C6F636B  # "clock"
# How far back enrolments are looked at again: longer than two rounds and any skew of clocks.
_LOOK_BACK = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Now:
    """What a job is given: the leader's connection, Redis, the settings and the moment."""

    connection: Any
    redis: Redis
    settings: Settings
    at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again; must be harmless to repeat."""

    name: str
    work: Callable[[Now], Awaitable[object]]


async def _partitions(now: Now) -> None:
    await ensure_partitions(now.connection, now.at.date())


async def _raw(now: Now) -> None:
    keep_days = {name: platform.raw_ttl_days for name, platform in scoring.platforms().items()}
    await drop_old_deliveries(
        now.connection, now.at, keep_days
    )  # whole months first: they are quick
    await forget_deliveries(now.connection, now.at, keep_days)


async def _eves(now: Now) -> None:
    await build_eves(now.connection, now.redis, now.at, now.settings.timezone)


async def _past(now: Now) -> None:
    await keep_past(now.connection, now.at, now.settings.timezone)


async def _enrolments(now: Now) -> None:
    await republish_newly_effective(now.connection, now.at - _LOOK_BACK, now.at)


async def _visitors(now: Now) -> None:
    # Yesterday's key is kept for openings around midnight, wherever their process's clock stands.
    await forget_visitors(now.connection, now.at.date() - timedelta(days=1))


async def _deeds(now: Now) -> None:
    await forget_deeds(now.connection, now.at)


async def _refusals(now: Now) -> None:
    await forget_old_refusals(now.connection, now.at)


async def _awards(now: Now) -> None:
    await lapse(now.connection, now.at)
    await remind(now.connection, now.at)


async def _time_zone(now: Now) -> None:
    await record_zone(now.connection, now.settings.timezone_at_first, now.at)


async def _handed_in(now: Now) -> None:
    await settle_told(now.connection, now.at)
    await forget_pictures(now.connection, now.at)
    await forget_files(now.connection, now.at)


JOBS = (
    Job("keep the company's time zone", _time_zone),
    Job("make room for the coming months", _partitions),
    Job("forget what networks let nobody keep", _raw),
    Job("tell the boards who came back or paused", _enrolments),
    Job("keep yesterday's standings", _eves),
    Job("keep how boards lay that are over", _past),
    Job("forget who opened links", _visitors),
    Job("forget what streams told and was read long ago", _deeds),
    Job("forget whom the networks' addresses refused long ago", _refusals),
    Job("hear what networks told of posts that were handed in", _handed_in),
    Job("let awards lapse, and remind of those that wait", _awards),
)


@dataclass(slots=True)
class Clock:
    """One process's clock."""

    settings: Settings
    redis: Redis
    jobs: Sequence[Job] = JOBS
    _leading_on: Any = field(default=None)

    async def tick(self, connection: Any) -> int:
        """Do all jobs if this process leads, or can lead now; returns 0, for it may then rest."""
        if self._leading_on is not connection:
            # A session's lock: it is free again the moment the leader's connection is gone.
            if not await connection.fetchval("select pg_try_advisory_lock($1)", _LEADER_LOCK):
                return 0
            self._leading_on = connection
            _log.info("clock_leads")
        for job in self.jobs:
            if connection.is_closed():
                break
            try:
                await job.work(Now(connection, self.redis, self.settings, datetime.now(UTC)))
            except PASSING as trouble:
                _log.warning("clock_job_waits", job=job.name, why=f"{trouble}")
        return 0
