"""Listening to Mastodon: the company's accounts by the tokens that the settings hold, people's by what they
let Fanfare see; each account at its own server.

Laws: every ear is on its own, so that a server that fails delays no other. One process listens; another takes
over when it ends. Whose account was unlinked is listened to no more at once: PostgreSQL says that accounts
changed hands, and a look now and then finds what that left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from app.consent import token_of, token_refused
from app.ending import ended
from app.going_out import Outside
from app.settings import Settings
from app.streams.closing import closed
from app.streams.ear import NETWORK, Ear, Hearer
from app.streams.pace import Paced
from scoring import ACCOUNTS_CHANGED, accounts_on, forget_streams, streams_unseen

_log = structlog.get_logger(__name__)

_LOCK: Final = 0x6D617374  # "mast"
_LOOK_EVERY_S: Final = 20.0
_SCOPE: Final = "read:notifications"
# As many as fit beside questions in the connections that one process keeps; whoever comes after them is
# asked for, each so often that all of them together are a question or two a second.
_MOST_STREAMS: Final = 30
_ASKED_EVERY_S: Final = 300.0
_QUESTION_S: Final = 2.0
_BETWEEN_S: Final = 0.2  # of ears that begin together, beyond as many as have a stream
_FORGOTTEN: Final = timedelta(days=30)


@dataclass(slots=True)
class Ears:
    """All of them; `database` opens a connection that holds the lock, `pool` has those they work with."""

    settings: Settings
    outside: Outside
    pool: Any
    database: Callable[[], Awaitable[Any]]
    look_every_s: float = _LOOK_EVERY_S
    ours: frozenset[str] = frozenset()
    _hearing: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _hearers: dict[str, Hearer] = field(default_factory=dict)

    async def run(self, ending: asyncio.Event) -> None:
        """Listen until told to end."""
        while not ending.is_set():
            try:
                await self._session(ending)
            except Exception as trouble:  # noqa: BLE001 - such as PostgreSQL away
                _log.warning("ears_away", why=f"{type(trouble).__name__}: {trouble}")
            finally:
                await self._end(list(self._hearing))
            await _until(ending, self.look_every_s)

    async def _session(self, ending: asyncio.Event) -> None:
        connection = await self.database()
        try:
            if not await connection.fetchval("select pg_try_advisory_lock($1, 0)", _LOCK):
                return
            paced, changed = Paced(self.outside), asyncio.Event()
            await connection.add_listener(ACCOUNTS_CHANGED, lambda *_: changed.set())
            while not ending.is_set():
                changed.clear()
                ours = await accounts_on(connection, NETWORK, datetime.now(UTC))
                if ours != self.ours:
                    self.ours = ours
                    for hearer in self._hearers.values():
                        hearer.look()
                wanted = {**set_by(self.settings), **await self._given(connection)}
                over = [name for name in self._hearing if name not in wanted]
                await self._end(over)
                await self._forget(connection, over)
                await self._end([name for name in self._hearing if self._otherwise(wanted, name)])
                new = 0
                for name, ear in wanted.items():
                    if name in self._hearing:
                        self._hearers[
                            name
                        ].ear = ear  # how often it asks changes with how many there are
                        continue
                    # After an end not all of them ask in the same moment.
                    begins_in_s = max(new - _MOST_STREAMS, 0) * _BETWEEN_S
                    new += 1
                    hearer = Hearer(
                        ear, paced, self.pool, name, lambda: self.ours, begins_in_s=begins_in_s
                    )
                    self._hearers[name] = hearer
                    self._hearing[name] = asyncio.create_task(hearer.run())
                await _until(ending, self.look_every_s, changed)
        finally:
            await closed(connection)

    def _otherwise(self, wanted: Mapping[str, Ear], name: str) -> bool:
        """Whether an ear is to listen in another way than it does, as where there is room for its stream, or
        does not listen any more."""
        other = wanted[name].socket is not self._hearers[name].ear.socket
        return other or self._hearing[name].done()

    async def _given(self, connection: Any) -> dict[str, Ear]:
        """The ears that people gave, those who gave first with a stream."""
        rows = await connection.fetch(
            """select c.account_id, c.server, a.native_id from consent c
               join account a on a.id = c.account_id
               where c.platform = $1 and c.state in ('given', 'expiring') and c.server is not null
                 and $2 = any(c.scopes) order by c.id""",
            NETWORK,
            _SCOPE,
        )
        room = max(_MOST_STREAMS - len(set_by(self.settings)), 0)
        every_s = max(_ASKED_EVERY_S, _QUESTION_S * (len(rows) - room))
        return {
            _named(row["server"], row["native_id"]): Ear(
                row["server"],
                partial(self._token, row["account_id"]),
                partial(self._refused, row["account_id"]),
                socket=False if place < room else None,
                every_s=_ASKED_EVERY_S * 2 if place < room else every_s,
                account=row["native_id"],
            )
            for place, row in enumerate(rows)
            if row["native_id"] in self.ours
        }

    async def _forget(self, connection: Any, over: list[str]) -> None:
        """Forget how far was heard with what was taken back, and what nobody has set for long. What is only
        refused for now is gone on with once it is given again."""
        if over:
            kept = await connection.fetch(
                """select c.server, a.native_id from consent c join account a on a.id = c.account_id
                   where c.platform = $1 and c.state <> 'withdrawn'""",
                NETWORK,
            )
            names = {_named(row["server"], row["native_id"]) for row in kept}
            await forget_streams(connection, [name for name in over if name not in names])
        long_ago = datetime.now(UTC) - _FORGOTTEN
        if stale := await streams_unseen(connection, NETWORK, long_ago):
            await forget_streams(connection, stale)

    async def _token(self, account_id: UUID) -> str | None:
        async with self.pool.acquire() as connection:
            token = await token_of(connection, self.settings, self.outside, account_id)
        return None if token is None else token.access

    async def _refused(self, account_id: UUID) -> None:
        async with self.pool.acquire() as connection:
            await token_refused(connection, self.settings, account_id)

    async def _end(self, names: list[str]) -> None:
        over = [self._hearing.pop(name) for name in names]
        for name in names:
            del self._hearers[name]
        for task in over:
            if task.done() and not task.cancelled() and (fault := task.exception()) is not None:
                _log.error("ear_failed", exc_info=fault)
        await ended(over)


def set_by(settings: Settings) -> dict[str, Ear]:
    """The ears that the settings name, each under a name that does not show its token."""
    found = {}
    for address in settings.secrets_of(NETWORK).every("stream"):
        parts = urlsplit(address)
        token = parts.username or ""
        host = parts.netloc.rpartition("@")[2].lower()
        origin = f"{'https' if parts.scheme in ('https', 'wss') else 'http'}://{host}"
        name = f"{origin} (token {sha256(token.encode()).hexdigest()[:6]})"
        found[name] = Ear(
            origin,
            partial(_set, token),
            _nothing,
            socket=parts.scheme in ("wss", "ws"),
            whole=True,
        )
    return found


def _named(server: str, native_id: str) -> str:
    """The stream of an account at its server, as the ear itself will call it."""
    return f"{server}/@{native_id.partition('@')[0]}"


async def _set(token: str) -> str:
    return token


async def _nothing() -> None:
    """A token of the settings is taken out by whoever set it."""


async def _until(ending: asyncio.Event, seconds: float, *sooner: asyncio.Event) -> None:
    waiting = [asyncio.create_task(one.wait()) for one in (ending, *sooner)]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await ended(waiting)
