"""The live process: `GET /live` streams signals, `/health/live` and `/health/ready` say
how it is.

Raw ASGI, for an open stream here costs a fifth less memory and a third of the time of a framework's.
Nobody signs in here: a signal says that a board has a new version, and nothing of anyone on it; for what not
everybody may hear of, pages give leave.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from litestar.types import Receive, Scope, Send
from redis.asyncio import Redis

from app import logs
from app.ending import ended
from app.live.ending import when_told_to_end
from app.live.hub import Hub
from app.live.leave import leave_ends_at, needing_leave
from app.live.origin import allowed_origin
from app.live.request import NotAStream, wanted
from app.live.stream import stream
from app.settings import Settings

_log = structlog.get_logger(__name__)
_REDIS_TIMEOUT_S = 5.0

App = Callable[[Any, Receive, Send], Awaitable[None]]


def create_live(settings: Settings | None = None) -> App:
    """Make the live application; settings not given come from the environment (SettingsFault)."""
    logs.configure()
    return Live(settings or Settings.from_environment())


class Live:
    """The application, one a process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._redis_url = settings.require_redis_url()
        self.hub: Hub | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the process's life."""
        if scope["type"] == "lifespan":  # type: ignore[comparison-overlap]
            await self._live(receive, send)
        elif scope["type"] == "http":  # type: ignore[comparison-overlap]
            await self._answer(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        redis = Redis.from_url(
            self._redis_url,
            socket_connect_timeout=_REDIS_TIMEOUT_S,
            socket_timeout=_REDIS_TIMEOUT_S,
            health_check_interval=10,
        )
        hub = self.hub = Hub(redis)
        listening = asyncio.create_task(hub.run())
        put_back = when_told_to_end(hub.close_all)
        await send({"type": "lifespan.startup.complete"})
        try:
            await receive()
        finally:
            hub.close_all()
            put_back()
            await ended([listening])
            await redis.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["path"] == "/health/live":
            await _say(send, 200, "ok")
        elif scope["path"] == "/health/ready":
            ready = self.hub is not None and not self.hub.closed
            await _say(send, *((200, "ok") if ready else (503, "This process is ending.")))
        elif scope["path"] != "/live":
            await _say(send, 404, "There is nothing here but /live.")
        elif scope["method"] != "GET":
            await _say(send, 405, "Streams are read with GET.", (b"allow", b"GET"))
        elif self.hub is None or self.hub.closed:
            await _say(send, 503, "This process is ending.", (b"retry-after", b"1"))
        else:
            await self._stream(self.hub, scope, receive, send)

    async def _stream(self, hub: Hub, scope: Any, receive: Receive, send: Send) -> None:
        asked = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = allowed_origin(asked.get(b"origin"), asked.get(b"host"), self._settings.base_url)
        headers = [(b"vary", b"origin")]
        if origin is not None:
            headers += [
                (b"access-control-allow-origin", origin.encode("latin-1")),
                (b"access-control-allow-credentials", b"true"),
            ]
        try:
            what = wanted(scope["query_string"], asked.get(b"last-event-id"))
        except NotAStream as wrong:
            await _say(send, 400, f"No such stream: {wrong}.", *headers)
            return
        lasts_s = None
        if private := needing_leave(what.events):
            now = datetime.now(UTC)
            ends_at = leave_ends_at(self._settings.secret_key, private, what.leave, now)
            if ends_at is None:
                words = "This stream is for whoever may open its page; load the page again."
                await _say(send, 403, words, *headers)
                return
            lasts_s = (ends_at - now).total_seconds()
        headers += [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store, no-transform"),
            (b"x-accel-buffering", b"no"),  # nginx would hold frames back
        ]
        await stream(hub, what, receive, send, headers, lasts_s=lasts_s)


async def _say(send: Any, status: int, words: str, *headers: tuple[bytes, bytes]) -> None:
    plain = (b"content-type", b"text/plain; charset=utf-8")
    body = words.encode()
    length = (b"content-length", str(len(body)).encode())
    await send(
        {"type": "http.response.start", "status": status, "headers": [plain, length, *headers]}
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
