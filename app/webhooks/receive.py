"""The door of the networks: `/webhooks/{platform}`, in front of all else the web process does.

Laws: a 2xx is sent only after the delivery is committed; what is verified is the bytes as they
came; no more is read than 1 MiB; whatever comes, the answer is never a 500.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl

import asyncpg
import structlog
from litestar.types import HTTPScope, Receive, Send

from app.webhooks import answer, counts
from app.webhooks.answer import Answer
from app.webhooks.commit import GroupCommit
from app.webhooks.hubs import Confirming
from app.webhooks.noted import Noted
from app.webhooks.row import DeliveryRow, Kept, NotKept, Overloaded, RowRefused
from app.webhooks.sources import Source
from scoring import ChallengeRefused, NotVerified, Platform

_log = structlog.get_logger(__name__)

PREFIX = "/webhooks/"
MOST_BYTES = 2**20  # the same as the table's check; no network sends more than a few 100 kB
MOST_QUERY_BYTES = 4096  # a challenge is some 100 characters
MOST_BYTES_READING = 256 * 2**20  # all bodies that are being read at once, in one process
READ_TIMEOUT_S = 10.0  # the networks themselves give up after 10 s
SAY_EVERY_S = 10.0  # how often the log repeats itself about a network's wrong signatures


# What an administrator reads of a refusal that has no more to say.
_WORDS: Final = {
    "unknown_platform": "there is no such network",
    "wrong_method": "asked otherwise than networks ask",
    "not_set_up": "this network is not set up yet",
    "wrong_query": "a handshake that cannot be read",
    "wrong_length": "a length that is no number",
    "too_large": "larger than 1 MiB",
    "too_slow": "the body did not come in time",
    "overloaded": "too much at once; the network was asked to come again",
    "away": "PostgreSQL was away; the network was asked to come again",
    "not_storable": "PostgreSQL refused it",
}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Refused(Exception):
    """Ends the handling with an answer; `reason` is what is counted, `words` what an administrator reads."""

    def __init__(self, reason: str, with_: Answer, words: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.answer = with_
        self.words = words or _WORDS[reason]


class _HungUp(Exception):
    """The network closed the connection, or what it sent cannot be read to its end."""


class Receiving:
    """An ASGI application for everything below `/webhooks/`."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        commit: GroupCommit,
        *,
        noted: Noted | None = None,
        confirming: Confirming | None = None,
        now: Callable[[], datetime] = _utc_now,
        read_timeout_s: float = READ_TIMEOUT_S,
    ) -> None:
        self._sources = sources
        self._commit = commit
        self.noted = noted or Noted()
        self._confirming = confirming
        self._now = now
        self._read_timeout_s = read_timeout_s
        self._reading = 0
        self._said_at: dict[tuple[str, str], float] = {}

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        name = scope["path"][len(PREFIX) :]
        source = self._sources.get(name)
        label = "unknown" if source is None else name
        try:
            if source is None:
                raise _Refused("unknown_platform", answer.UNKNOWN_PLATFORM)
            if scope["method"] == "POST":
                kept = await self._take(source, scope, receive)
                outcome, reply = "accepted" if kept is Kept.STORED else "repeated", answer.THANKS
                counts.SECONDS.observe(time.perf_counter() - started)
            elif scope["method"] == "GET":
                outcome, reply = "challenge", await self._challenge(source, scope)
            else:
                raise _Refused("wrong_method", answer.wrong_method("GET, POST"))
        except _Refused as refused:
            outcome, reply = refused.reason, refused.answer
            if source is not None:
                self.noted.refused(name, refused.words, self._now())
        except _HungUp:
            # A body that breaks off looks like this too: whoever still listens is told so, where
            # the server would say 500 for us.
            outcome, reply = "hung_up", answer.INCOMPLETE
        except Exception:  # noqa: BLE001 - logged with its traceback
            # A mistake of ours: the network keeps the delivery and sends it again.
            _log.exception("receiving failed", platform=label)
            outcome, reply = "failed", answer.COME_AGAIN
            if source is not None:
                self.noted.refused(name, "a mistake of Fanfare’s, see its log", self._now())
        counts.deliveries(label, outcome).inc()
        await reply.send(send)

    async def _take(self, source: Source, scope: HTTPScope, receive: Receive) -> Kept:
        if source.lacks:
            raise _Refused("not_set_up", answer.NOT_SET_UP)
        headers = _headers(scope)
        body = await self._read(headers.get("content-length"), receive)
        received_at, platform = self._now(), source.platform
        try:
            key = platform.verify(headers, body, source.secrets, received_at)
        except NotVerified as why:
            self._say("delivery not verified", platform.name, str(why))
            raise _Refused("not_verified", answer.NOT_VERIFIED, str(why)) from None
        self.noted.proven(
            source,
            lambda one: platform.verify(headers, body, one, received_at),
            key,
            "delivery",
            received_at,
        )
        kept = platform.kept_headers(headers, source.secrets)
        row = DeliveryRow.of(platform.name, key, kept, platform.kept_body(body), received_at)
        try:
            return await self._commit.submit(row)
        except NotKept as why:
            reason = {Overloaded: "overloaded", RowRefused: "not_storable"}.get(type(why), "away")
            raise _Refused(reason, answer.COME_AGAIN) from None

    async def _challenge(self, source: Source, scope: HTTPScope) -> Answer:
        if source.lacks:
            raise _Refused("not_set_up", answer.NOT_SET_UP)
        query = scope["query_string"]
        if len(query) > MOST_QUERY_BYTES:
            raise _Refused("wrong_query", answer.WRONG_QUERY)
        try:
            pairs = parse_qsl(query.decode("ascii"), strict_parsing=bool(query), max_num_fields=16)
        except ValueError:
            raise _Refused("wrong_query", answer.WRONG_QUERY) from None
        asked, platform = dict(pairs), source.platform
        try:
            reply = platform.challenge(asked, source.secrets)
        except (ChallengeRefused, NotVerified) as why:
            self._say("challenge refused", platform.name, str(why))
            said = answer.CHALLENGE_REFUSED
            if isinstance(why, NotVerified):
                said = answer.NOT_ASKED_FOR if platform.hub is not None else answer.NOT_OURS
            raise _Refused("challenge_refused", said, str(why)) from None
        if reply is None:
            raise _Refused("wrong_method", answer.wrong_method("POST"))
        self.noted.proven(
            source, lambda one: platform.challenge(asked, one), reply, "handshake", self._now()
        )
        await self._confirm(platform, asked)
        return answer.plain(200, reply.body, reply.content_type)

    async def _confirm(self, platform: Platform, asked: Mapping[str, str]) -> None:
        """Write down what a hub asks back, before it is answered; what we do not want is refused."""
        told = platform.hub.confirmed(asked) if platform.hub is not None else None
        if told is None or platform.hub is None or self._confirming is None:
            return
        try:
            wanted = await self._confirming(platform.name, platform.hub, told, self._now())
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            raise _Refused("away", answer.COME_AGAIN) from None
        if not wanted:
            raise _Refused(
                "challenge_refused", answer.NOT_ASKED_FOR, "a subscription that is not wanted"
            )

    async def _read(self, announced: str | None, receive: Receive) -> bytes:
        """The body, whole; refused before reading where its announced length is too large."""
        if announced is not None:
            if not (announced.isascii() and announced.isdecimal()):
                raise _Refused("wrong_length", answer.WRONG_LENGTH)
            if len(announced) > 10 or int(announced) > MOST_BYTES:
                raise _Refused("too_large", answer.TOO_LARGE)
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._read_timeout_s):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise _HungUp
                    chunk = message.get("body", b"")
                    size += len(chunk)
                    if size > MOST_BYTES:
                        raise _Refused("too_large", answer.TOO_LARGE)
                    if not message.get("more_body", False):
                        return b"".join((*chunks, chunk)) if chunks else chunk
                    chunks.append(chunk)
                    self._count_reading(len(chunk))
                    if self._reading > MOST_BYTES_READING:
                        raise _Refused("overloaded", answer.COME_AGAIN)
        except TimeoutError:
            raise _Refused("too_slow", answer.TOO_SLOW) from None
        finally:
            self._count_reading(-sum(map(len, chunks)))

    def _say(self, what: str, platform: str, reason: str) -> None:
        """Log it, but not for every one of a flood: the counters have the numbers."""
        now, key = time.monotonic(), (what, platform)
        if now - self._said_at.get(key, -SAY_EVERY_S) >= SAY_EVERY_S:
            self._said_at[key] = now
            _log.warning(what, platform=platform, reason=reason)

    def _count_reading(self, size: int) -> None:
        if size:
            self._reading += size
            counts.READING.set(self._reading)


def _headers(scope: HTTPScope) -> dict[str, str]:
    """Headers by lower-case name; one that comes twice is joined as RFC 9110 5.2 has it."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
