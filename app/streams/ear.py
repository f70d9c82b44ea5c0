"""One account's ear at its server of Mastodon: its stream, and what the stream may have left out.

Laws: a stream has no cursor, so that after each opening, and now and then, the server is asked for what came
since; only those answers say how far was heard. What an account took back (a boost, a post) is told by the
stream while it is open, and found by looking for it otherwise; whose server opens none is asked all the
same. What is heard is stored under a key that is the same however it was heard.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import structlog
from websockets.exceptions import WebSocketException

from app.going_out import OutsideAway
from app.streams.catching_up import Allowance, Remembering, notifications, statuses
from app.streams.channel import by_lines, by_socket
from app.streams.instance import Instance, Self, TokenRefused
from app.streams.pace import Paced
from scoring import AccountEar, Hearing, StreamSeen, note_hearing

_log = structlog.get_logger(__name__)

NETWORK: Final = "mastodon"
_FIRST_PAUSE_S: Final = 1.0
_MOST_PAUSE_S: Final = 600.0
_REFUSED_PAUSE_S: Final = 3600.0  # a token that is not taken seldom becomes one that is
_UNLINKED_PAUSE_S: Final = 30.0
MOST_AN_HOUR: Final = 16 << 20  # bytes of a server that a person chose: some thousand notifications
MOST_EVENTS_AN_HOUR: Final = 20_000  # of its stream, whatever they are worth: each costs a look
_NOTE_EVERY_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Ear:
    """What to listen to: a server, how to get the token, how its stream is opened (None: it is not, the
    server is asked again and again), and whether the home timeline belongs to it."""

    origin: str
    token: Callable[[], Awaitable[str | None]] = field(repr=False)
    refused: Callable[[], Awaitable[None]] = field(repr=False)
    socket: bool | None = False
    whole: bool = False
    every_s: float = 600.0  # how often the server is asked what the stream left out
    # Whose it is, where a person gave it: their server says nothing about who is meant, nor for anybody else.
    account: str | None = None


@dataclass(slots=True)
class Hearer:
    """Listens with one ear for as long as it runs."""

    ear: Ear
    paced: Paced
    pool: Any
    name: str
    ours: Callable[[], frozenset[str]]  # whose accounts are ours now
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    begins_in_s: float = 0.0
    _allowance: Allowance = field(
        default_factory=lambda: Allowance(MOST_AN_HOUR, MOST_EVENTS_AN_HOUR)
    )
    _recipient: str | None = None  # whose notifications are heard now
    _unlinked: asyncio.Event = field(default_factory=asyncio.Event)
    _unnoted: int = 0  # events since it was noted last
    _noted_at: float = 0.0

    def look(self) -> None:
        """Accounts changed hands: what is nobody's of ours any more is heard no longer, not even of what is
        under way."""
        if self._recipient is not None and self._recipient not in self.ours():
            self._unlinked.set()

    async def run(self) -> None:
        """Listen until cancelled, whatever happens to the server."""
        pause_s = _FIRST_PAUSE_S
        await asyncio.sleep(self.begins_in_s)
        while True:
            began = self.now()
            try:
                wait_s = await self._session()
            except Exception as fault:  # noqa: BLE001 - one bad session must not end listening
                # A group of tasks that breaks at the moment in which we are told to end forgets the latter.
                if (me := asyncio.current_task()) is not None and me.cancelling():
                    raise asyncio.CancelledError from None
                trouble = _first(fault)
                # PostgreSQL being away must not end listening either.
                with suppress(Exception):
                    await self._note(Hearing.AWAY, _words(trouble))
                _log.warning("stream_away", stream=self.name, why=_words(trouble))
                if isinstance(trouble, TokenRefused):
                    with suppress(Exception):
                        await self.ear.refused()
                    wait_s = _REFUSED_PAUSE_S
                else:
                    well = (self.now() - began).total_seconds() > 60
                    pause_s = wait_s = _FIRST_PAUSE_S if well else min(pause_s * 2, _MOST_PAUSE_S)
            # Ears at one server that was away do not all come back in the same moment.
            await asyncio.sleep(wait_s * random.uniform(0.8, 1.2))

    async def _session(self) -> float:
        """Listen until something ends it; how many seconds to wait then."""
        token = await self.ear.token()
        if token is None:
            return _UNLINKED_PAUSE_S
        instance = Instance(self.ear.origin, token, self.paced)
        who = await instance.who()
        if self.ear.account is None:  # what a person gave is called as they showed it
            self.name = f"{self.ear.origin}/@{who.username.lower()}"
        recipient = _recipient(who, self.ear, self.ours())
        if recipient is None:
            await self._note(
                Hearing.WAITING, f"@{who.username}@{who.domain} is nobody's account here"
            )
            return _UNLINKED_PAUSE_S
        given = self.ear.account is not None
        speaks = recipient.rpartition("@")[2] if given else who.domain
        web = urlsplit(self.ear.origin).netloc.lower()
        account = AccountEar(speaks, recipient, self.ours(), for_itself=given, web=web)
        allowance = self._allowance if given else None
        remembering = Remembering(self.pool, self.name, account, self.now, allowance)
        # Where listening begins is noted before it does, so that whoever is killed then goes on from there.
        if await remembering.first():
            await self._ask(instance, who, remembering)
        self._recipient = recipient
        self._unlinked.clear()
        self.look()
        async with asyncio.TaskGroup() as until:
            watching = until.create_task(self._until_unlinked())
            await self._listen(instance, who, remembering)
            watching.cancel()
        return 0.0

    async def _until_unlinked(self) -> None:
        await self._unlinked.wait()
        raise Unlinked("the account was unlinked")

    async def _listen(self, instance: Instance, who: Self, remembering: Remembering) -> None:
        if self.ear.socket is None:
            await self._ask_again(instance, who, remembering)
            return
        try:
            await self._stream(instance, who, remembering)
        except (OutsideAway, httpx.HTTPError, WebSocketException, OSError):
            # Whose server opens no stream is heard all the same, as often as it is tried.
            await self._ask(instance, who, remembering)
            raise

    async def _stream(self, instance: Instance, who: Self, remembering: Remembering) -> None:
        opened = by_socket if self.ear.socket else by_lines
        outside = self.paced.outside
        async with opened(outside, who.streaming, instance.token, whole=self.ear.whole) as told:
            await self._note(Hearing.HEARD, "")
            _log.info("stream_heard", stream=self.name)
            # Only now, so that nothing lies between what was asked for and what is told.
            async with asyncio.TaskGroup() as both:
                both.create_task(self._ask_again(instance, who, remembering))
                async for event in told:
                    self._look(remembering)
                    if remembering.allowance is not None:
                        remembering.allowance.listen(self.now())
                    found = remembering.account.heard(event)
                    kept = await remembering.keep([found]) if found is not None else 0
                    self._unnoted += 1
                    # What is worth nothing costs no more than a look, however much of it comes.
                    if kept or time.monotonic() - self._noted_at > _NOTE_EVERY_S:
                        await self._note(Hearing.HEARD, "", kept=kept)

    async def _ask_again(self, instance: Instance, who: Self, remembering: Remembering) -> None:
        """Ask for what came since, at once and now and then."""
        while True:
            self._look(remembering)
            await self._ask(instance, who, remembering)
            await asyncio.sleep(self.ear.every_s * random.uniform(0.8, 1.2))

    async def _ask(self, instance: Instance, who: Self, remembering: Remembering) -> None:
        kept = await notifications(instance, remembering)
        kept += await statuses(instance, who.number, remembering)
        await self._note(Hearing.HEARD, "", kept=kept)

    def _look(self, remembering: Remembering) -> None:
        """Listen for whoever is ours now. Raises Unlinked."""
        before, ours = remembering.account, self.ours()
        if before.recipient not in ours:
            raise Unlinked("the account was unlinked")
        if before.ours is not ours:
            remembering.account = before.among(ours)

    async def _note(self, state: Hearing, words: str, *, kept: int = 0) -> None:
        now, events, self._unnoted = self.now(), self._unnoted, 0
        self._noted_at = time.monotonic()
        seen = StreamSeen(self.name, NETWORK, state, words, now, now, events, kept, 0)
        async with self.pool.acquire() as connection:
            await note_hearing(connection, seen)


class Unlinked(Exception):
    """The account belongs to nobody any more."""


def _recipient(who: Self, ear: Ear, ours: frozenset[str]) -> str | None:
    """The account by which it is ours: the one it was given for; else under its server's name, or under
    the host that the settings name."""
    if ear.account is not None:
        same = who.username.lower() == ear.account.partition("@")[0]
        return ear.account if same and ear.account in ours else None
    hosts = (who.domain, urlsplit(ear.origin).netloc)
    names = (f"{who.username}@{host}".lower() for host in hosts)
    return next((name for name in names if name in ours), None)


def _first(trouble: Exception) -> Exception:
    """What ended a group of tasks."""
    while isinstance(trouble, ExceptionGroup):
        trouble = trouble.exceptions[0]
    return trouble


def _words(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"
