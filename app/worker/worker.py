"""The worker: deliveries become facts, facts become points, points reach the boards.

Any number of workers may run; each round is a transaction of its own, so one may be killed between
any two statements. Told to end, a worker finishes the rounds under way.
"""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import structlog
from redis.asyncio import Redis

import scoring
from app.notify.hooks import hand_out, tell_hooks
from app.polls import EVERY_S as POLLS_EVERY_S
from app.polls import Polls
from app.settings import Settings
from app.what_ifs import counted_elsewhere, run_next
from app.worker.announcements import EVERY_S as ANNOUNCEMENTS_EVERY_S
from app.worker.announcements import Announcements
from app.worker.channels import Channels
from app.worker.clock import EVERY_S, Clock
from app.worker.consents import EVERY_S as CONSENTS_EVERY_S
from app.worker.consents import Consents, TakenBack
from app.worker.contests import EVERY_S as CONTESTS_EVERY_S
from app.worker.contests import Contests
from app.worker.loops import Loop
from app.worker.watch import EVERY_S as WATCH_EVERY_S
from app.worker.watch import Watch
from scoring import Keeper, publish

_log = structlog.get_logger(__name__)

BATCH = 500  # deliveries or changes a round: long enough to be quick, short enough to end soon
# In a backlog nobody waits for a single one, and a window of which much changed is folded once: a
# round may grow to this, a second or two of work.
MOST_AT_ONCE = 5000
OUTBOX_BATCH = 2000  # totals a round; each is a few hundred bytes
_ENDING_TIMEOUT_S = 8.0  # a round takes well under a second; beyond this something hangs
_CANCELLED_AGAIN_S = 2.0
_COMMAND_TIMEOUT_S = 120.0
_REDIS_TIMEOUT_S = 5.0
_KEEPER_IDLE_S = 0.5
_HOOKS_IDLE_S = 1.0
_WHAT_IF_IDLE_S = 0.5  # somebody looks at the page meanwhile


@dataclass(slots=True)
class Appetite:
    """How much a round takes: little and soon, and more while it is not enough."""

    _asked: int = BATCH
    _next: int = BATCH

    def ask(self) -> int:
        """The limit of the round that begins; one after a round that failed is small again."""
        self._asked, self._next = self._next, BATCH
        return self._asked

    def had(self, taken: int) -> int:
        """The round took so many; returns them."""
        if taken >= self._asked:
            self._next = min(self._asked * 4, MOST_AT_ONCE)
        return taken


class Worker:
    """The loops of one worker process."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        self._settings = settings
        self._redis = redis
        self._keeper = Keeper(settings.timezone_at_first)
        self._reading, self._counting = Appetite(), Appetite()
        self._turns = scoring.Turns()
        self._delivered, self._handed_over = scoring.Sweep(), scoring.Sweep()
        clock = Clock(settings, redis)
        contests = Contests(settings, redis)
        announcements = Announcements(redis)
        self.polls = Polls(settings, self._connect)
        self._standings = Loop("standings", self._connect, contests.refresh)
        self._score = Loop("score", self._connect, self._score_round)
        self._publish = Loop("publish", self._connect, self._publish_round)
        self._keep = Loop("keep boards", self._connect, self._keep_round, _KEEPER_IDLE_S)
        taken_back = TakenBack(settings, lambda: self._taken_back.wake())
        self._taken_back = Loop("taken back", self._connect, taken_back.tick, CONSENTS_EVERY_S)
        self.loops = (
            Loop("intake", self._connect, self._intake_round),
            self._score,
            self._publish,
            self._keep,
            Loop("clock", self._connect, clock.tick, EVERY_S),
            Loop("contests", self._connect, contests.tick, CONTESTS_EVERY_S),
            self._standings,
            Loop("announcements", self._connect, announcements.tick, ANNOUNCEMENTS_EVERY_S),
            Loop("what if", self._connect, self._what_if_round, _WHAT_IF_IDLE_S),
            Loop("hooks", self._connect, self._hooks_round, _HOOKS_IDLE_S),
            Loop("integrity", self._connect, Watch(settings).tick, WATCH_EVERY_S),
            *Channels(settings).loops(self._connect),
            Loop("consents", self._connect, Consents(settings).tick, CONSENTS_EVERY_S),
            self._taken_back,
            Loop("polls", self._connect, self.polls.tick, POLLS_EVERY_S),
        )

    async def _connect(self) -> asyncpg.Connection:
        connection = await asyncpg.connect(
            self._settings.require_database_url(),
            command_timeout=_COMMAND_TIMEOUT_S,
            server_settings={"application_name": "fanfare worker"},
        )
        await scoring.keep_zones(connection)  # before a first round asks what day it is
        return connection

    async def _intake_round(self, connection: Any) -> int:
        done = await scoring.intake(
            connection,
            now=datetime.now(UTC),
            limit=self._reading.ask(),
            disclosure_tag=self._settings.disclosure_tag,
            sweep=self._delivered,
        )
        if done.claimed:
            self._score.wake()
        return self._reading.had(done.claimed)

    async def _score_round(self, connection: Any) -> int:
        zone = self._settings.timezone
        limit = self._counting.ask()
        done = await scoring.score(
            connection, now=datetime.now(UTC), zone=zone, limit=limit, turns=self._turns
        )
        if done.totals:
            self._publish.wake()
        if done.changes:
            self._standings.wake()
        return self._counting.had(done.changes)

    async def _publish_round(self, connection: Any) -> int:
        done = await publish(
            connection, self._redis, self._settings.timezone, OUTBOX_BATCH, self._handed_over
        )
        if done.missing:
            self._keeper.want(done.missing)
            self._keep.wake()
        return done.rows

    async def _hooks_round(self, connection: Any) -> int:
        handed_out = await hand_out(connection, datetime.now(UTC))
        tried = await tell_hooks(
            connection,
            installation_key=self._settings.require_secret_key(),
            networks=self._settings.hook_networks,
            now=datetime.now(UTC),
        )
        return handed_out + tried

    async def _what_if_round(self, _: Any) -> int:
        # In a process of its own: a month of a large company keeps a processor busy for seconds.
        return await run_next(self._redis, counted_elsewhere(self._settings))

    async def _keep_round(self, connection: Any) -> int:
        return await self._keeper.tend(connection, self._redis)


async def run(settings: Settings) -> None:
    """Work until cancelled; then finish what is under way, within seconds, and return."""
    redis = Redis.from_url(
        settings.require_redis_url(),
        socket_timeout=_REDIS_TIMEOUT_S,
        socket_connect_timeout=_REDIS_TIMEOUT_S,
        health_check_interval=15,
    )
    worker = Worker(settings, redis)
    tasks = [asyncio.create_task(loop.run(), name=loop.name) for loop in worker.loops]
    _log.info("worker_started")
    try:
        # A loop ends only when told to: one that does has a fault worth ending for.
        finished, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in finished:
            task.result()
    except asyncio.CancelledError:
        _log.info("worker_ending")
    finally:
        for loop in worker.loops:
            loop.end()
        await _ended(tasks)
        await worker.polls.close()
        await redis.aclose()
    _log.info("worker_ended")


def spare_the_collector() -> None:
    """Have Python never look at what was imported for rings of garbage: it stays.

    For a process that does nothing else. A round makes 100,000 objects and no rings; at Python's usual
    pace (`app` sets another) that looking is a quarter of a round.
    """
    gc.freeze()


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    """Wait for the rounds under way; what hangs, or a second call to end, breaks them off."""
    try:
        await asyncio.wait(tasks, timeout=_ENDING_TIMEOUT_S)
    finally:
        left = set(tasks)
        while left:  # more than once: a client of Redis may lose a cancellation
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=_CANCELLED_AGAIN_S)
        await asyncio.gather(*tasks, return_exceptions=True)
