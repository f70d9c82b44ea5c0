"""What the door saw besides deliveries, gathered in memory and written down once a second.

Laws: whoever floods the door with what is not signed costs one row an hour and reason, whatever it sends;
of what strangers send nothing is kept; receiving never waits for any of this.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import structlog
from redis.asyncio import Redis

from app.live.connections import signal_connections
from app.webhooks.sources import Source
from scoring import (
    REDIS_AWAY,
    ChallengeRefused,
    NotVerified,
    Proof,
    Secrets,
    UsedFor,
    note_at_the_door,
)

_log = structlog.get_logger(__name__)

EVERY_S: Final = 1.0
# Reasons are sentences of our own; more than this of one network would be a mistake of ours.
MOST_REASONS: Final = 40
# Where a network has several secrets, so many deliveries a second are tried against each of them alone: all
# there are, but in a storm, of which these are enough to see what is in use.
MOST_LOOKS: Final = 20
ANOTHER: Final = "for another reason"


def fingerprint(installation_key: str, platform: str, setting: str, secret: str) -> str:
    """By what a secret is known in the database: nobody can try words against it without our key."""
    key = hashlib.sha256(installation_key.encode()).digest()
    told = f"{platform}\n{setting}\n{secret}".encode()
    return hashlib.blake2b(told, key=key, digest_size=8).hexdigest()


def candidates(source: Source) -> list[tuple[str, str]]:
    """The secrets of a network that could have proven something: setting and value."""
    several = sorted(wanted.name for wanted in source.platform.wants if wanted.several)
    return [(name, value) for name in several for value in source.secrets.every(name)]


def proving(
    source: Source, prove: Callable[[Secrets], object], result: object
) -> Iterator[tuple[str, str]]:
    """Which of a network's secrets, each tried alone, give the same result: setting and value."""
    tried = candidates(source)
    if len(tried) == 1:
        yield tried[0]
        return
    several = {name for name, _ in tried}
    fixed = {name: value for name, value in source.secrets.values.items() if name not in several}
    for name, value in tried:
        try:
            same = prove(Secrets({**fixed, name: (value,)})) == result
        except (NotVerified, ChallengeRefused):
            continue
        if same:
            yield name, value


class Noted:
    """What one process saw since it was written down last."""

    def __init__(self, installation_key: str = "") -> None:
        self._key = installation_key
        self._refused: dict[tuple[str, str], tuple[int, datetime]] = {}
        self._used: dict[Proof, datetime] = {}
        self._stirred: set[str] = set()
        self._alone: dict[tuple[str, UsedFor], Proof] = {}  # where there is but one secret
        self._alone_at: dict[tuple[str, UsedFor], datetime] = {}
        self._looks: Counter[str] = Counter()

    def heard(self, platform: str) -> None:
        """Something came from a network, whatever became of it."""
        self._stirred.add(platform)

    def refused(self, platform: str, reason: str, now: datetime) -> None:
        """Somebody was turned away at a network's address; `reason` is a sentence of ours."""
        key = (platform, reason)
        if key not in self._refused and sum(p == platform for p, _ in self._refused) > MOST_REASONS:
            key = (platform, ANOTHER)
        times, _ = self._refused.get(key, (0, now))
        self._refused[key] = (times + 1, now)
        self.heard(platform)

    def proven(
        self,
        source: Source,
        prove: Callable[[Secrets], object],
        result: object,
        used_for: UsedFor,
        now: datetime,
    ) -> None:
        """A delivery was proven, or a handshake answered: note by which secrets."""
        name = source.platform.name
        self._stirred.add(name)
        if (name, used_for) in self._alone:
            self._alone_at[name, used_for] = now
            return
        if self._looks[name] >= MOST_LOOKS:
            return
        self._looks[name] += 1
        for setting, secret in proving(source, prove, result):
            known = fingerprint(self._key, name, setting, secret)
            proof = Proof(name, setting, known, used_for)
            self._used[proof] = now
            if len(candidates(source)) == 1:
                self._alone[name, used_for] = proof

    async def write(self, pool: Any, redis: Redis) -> None:
        """Write down what was gathered and tell who watches; what cannot be written waits."""
        self._looks.clear()
        refused, used, stirred = self._refused, self._used, self._stirred
        self._refused, self._used, self._stirred = {}, {}, set()
        used |= {self._alone[key]: at for key, at in self._alone_at.items()}
        self._alone_at.clear()
        try:
            if refused or used:
                async with pool.acquire() as connection:
                    await note_at_the_door(connection, refused, used)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as away:
            _log.warning("not_noted", why=repr(away))
            self._take_back(refused, used)
            return
        try:
            await signal_connections(redis, stirred, datetime.now(UTC))
        except REDIS_AWAY as away:
            _log.warning("not_signalled", why=repr(away))

    def _take_back(
        self, refused: dict[tuple[str, str], tuple[int, datetime]], used: dict[Proof, datetime]
    ) -> None:
        for key, (times, at) in refused.items():
            since, later_at = self._refused.get(key, (0, at))
            self._refused[key] = (times + since, max(at, later_at))
        self._used = {**used, **self._used}


@asynccontextmanager
async def writing_down(noted: Noted, pool: Any, redis: Redis) -> AsyncIterator[None]:
    """Write down what is noted as long as the context lasts, and what is left at its end."""

    async def run() -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await noted.write(pool, redis)
            except Exception:  # noqa: BLE001 - logged with its traceback
                _log.exception("noting_failed")

    task = asyncio.create_task(run(), name="noted at the door")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        with contextlib.suppress(Exception):
            await noted.write(pool, redis)
