"""The door of tracked links: `/s/{code}`, in front of all else the web process does.

Laws: whoever opens a link is led on before anything is counted, and sees nothing of the counting: no
cookie, no address stored. What is counted is a delivery like any other, committed by group; an opening
that could not be stored within seconds is lost, and said so in the metrics.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final, cast

import msgspec
import structlog
from litestar.stores.redis import RedisStore
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from prometheus_client import Counter

from app.auth.client_address import client_address
from app.auth.sessions import COOKIE, viewer_of_session
from app.clicks.counted import why_not_counted
from app.clicks.visitor import visitor_of
from app.database import transaction
from app.settings import Settings
from app.webhooks import DeliveryRow, GroupCommit, Lane, NotKept
from scoring import LINKS, Leading, account_of_links, leading, visitor_key

_log = structlog.get_logger(__name__)

PREFIX: Final = "/s/"
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{8,32}")
_KEPT: Final = 10_000  # links a process remembers
_FRESH_S: Final = 30.0  # after an end, openings count for this long at most
_MOST_COUNTING: Final = 2_000  # openings that wait to be counted; more are led on and not counted

OPENINGS: Final = Counter("fanfare_link_openings_total", "Openings of tracked links", ["outcome"])


@dataclass(frozen=True, slots=True)
class _Known:
    found: Leading | None
    until: float


class Opening:
    """An ASGI application for everything below `/s/`."""

    def __init__(
        self,
        settings: Settings,
        commit: GroupCommit,
        sessions: RedisStore,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._commit = commit
        self._sessions = sessions
        self._now = now
        self._links: OrderedDict[str, _Known] = OrderedDict()
        self._key: tuple[date, bytes] | None = None
        self._counting: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Lead on, then count."""
        code = scope["path"][len(PREFIX) :]
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, [(b"allow", b"GET, HEAD")])
            return
        try:
            found = await self._leading(code)
        except Exception:  # noqa: BLE001 - logged with its traceback
            _log.exception("link_failed")
            await _answer(send, 503, [(b"retry-after", b"5")])
            return
        if found is None:
            OPENINGS.labels("unknown").inc()
            await _answer(send, 404, [], b"There is no such link.")
            return
        target = found.target.encode("ascii", "xmlcharrefreplace")
        # Not kept by anybody on the way, or a second visitor behind the same proxy would not be seen.
        await _answer(send, 302, [(b"location", target), (b"cache-control", b"no-store")])
        if not found.counts:
            OPENINGS.labels("ended").inc()
        elif len(self._counting) >= _MOST_COUNTING:
            OPENINGS.labels("overloaded").inc()
        else:
            task = asyncio.create_task(self._count(code, found, scope))
            self._counting.add(task)
            task.add_done_callback(self._counting.discard)

    async def close(self) -> None:
        """Count what was opened before this."""
        await asyncio.gather(*self._counting, return_exceptions=True)

    async def _leading(self, code: str) -> Leading | None:
        if not _CODE.fullmatch(code):
            return None
        known = self._links.get(code)
        if known is None or known.until < time.monotonic():
            async with transaction(readonly=True) as connection:
                known = _Known(await leading(connection, code), time.monotonic() + _FRESH_S)
            self._links[code] = known
            if len(self._links) > _KEPT:
                self._links.popitem(last=False)
        return known.found

    async def _count(self, code: str, found: Leading, scope: HTTPScope) -> None:
        try:
            outcome = await self._counted(code, found, scope)
        except NotKept:
            outcome = "not_stored"
        except Exception:  # noqa: BLE001 - logged with its traceback
            _log.exception("opening_not_counted")
            outcome = "failed"
        OPENINGS.labels(outcome).inc()

    async def _counted(self, code: str, found: Leading, scope: HTTPScope) -> str:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        peer = scope["client"][0] if scope["client"] else None
        forwarded = [value.decode("latin-1") for name, value in scope["headers"]
                     if name == b"x-forwarded-for"]  # fmt: skip
        client = client_address(peer, forwarded, self._settings.trusted_proxies)
        by_author = await self._is_author(headers.get("cookie", ""), found.person_id)
        reason = why_not_counted(
            scope["method"], headers, client, self._settings.office_networks, by_author=by_author
        )
        if reason is not None:
            return reason
        now = self._now()
        day = now.astimezone(self._settings.timezone).date()
        visitor = visitor_of(await self._key_of(day), code, client, headers["user-agent"])
        body = {
            "code": code,
            "visitor": visitor,
            "day": day,
            "account": account_of_links(found.person_id),
            "at": now,
        }
        row = DeliveryRow.of(LINKS, f"{code}:{day}:{visitor}", {}, msgspec.json.encode(body), now)
        return str(await self._commit.submit(row))

    async def _is_author(self, cookies: str, person_id: int) -> bool:
        try:
            token = SimpleCookie(cookies).get(COOKIE)
        except CookieError:
            return False
        if token is None:
            return False
        viewer = await viewer_of_session(self._sessions, token.value)
        return viewer is not None and viewer.person_id == person_id

    async def _key_of(self, day: date) -> bytes:
        if self._key is None or self._key[0] != day:
            async with transaction() as connection:
                self._key = (day, await visitor_key(connection, day))
        return self._key[1]


@asynccontextmanager
async def opening(
    settings: Settings, database_url: str, sessions: RedisStore
) -> AsyncIterator[Opening]:
    """Lead on as long as the context lasts; what was opened is counted before it ends."""
    commit = GroupCommit(Lane(database_url))
    commit.start()
    door = Opening(settings, commit, sessions)
    try:
        yield door
    finally:
        await door.close()
        await commit.close()


def in_front_of(application: ASGIApp, door: Opening) -> ASGIApp:
    """Send what is below `/s/` to `door`, past every middleware, and the rest on."""

    async def parted(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) == "http" and scope["path"].startswith(PREFIX):
            await door(cast(HTTPScope, scope), receive, send)
        else:
            await application(scope, receive, send)

    return parted


async def _answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b""
) -> None:
    begin: Any = {
        "type": "http.response.start",
        "status": status,
        "headers": [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            *headers,
        ],
    }
    await send(begin)
    await send({"type": "http.response.body", "body": body, "more_body": False})
