"""The door of tracked links: `/s/{code}`, in front of all else the web process does.

Laws: whoever opens a link is led on before anything is counted, and sees nothing of the counting: no
cookie, no address stored. Of all that counting takes, only a note of the opening is made before the next
visitor is led on (`app.clicks.counting`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final, cast

import structlog
from litestar.stores.redis import RedisStore
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from app.clicks import answers
from app.clicks.counting import LOOKED_AT, Counting, Knock, openings
from app.clicks.known import KnownLinks, TooManyAsk
from app.settings import Settings
from app.webhooks import GroupCommit, Lane

_log = structlog.get_logger(__name__)

PREFIX: Final = "/s/"
_BEGIN: Final = len(PREFIX)


class Opening:
    """An ASGI application for everything below `/s/`."""

    def __init__(
        self,
        counting: Counting,
        links: KnownLinks | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._counting = counting
        self._links = links or KnownLinks()
        self._now = now

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Lead on, then note it for those who count."""
        code, method = scope["path"][_BEGIN:], scope["method"]
        if method not in ("GET", "HEAD"):
            await answers.say(send, 405, b"", (b"allow", b"GET, HEAD"))
            return
        known = self._links.at_hand(code)
        if known is None:
            try:
                known = await self._links.find(code)
            except Exception as why:  # noqa: BLE001 - logged with its traceback
                if not isinstance(why, TooManyAsk):
                    _log.exception("link_failed")
                await answers.say(
                    send,
                    503,
                    b"Not just now. Please open it again in a moment.",
                    (b"retry-after", b"5"),
                )
                return
        if known is None:
            openings("unknown").inc()
            await answers.say(send, 404, b"There is no such link. Was its address copied whole?")
            return
        await send(known.answer)
        await send(answers.NOTHING)
        if method != "GET":
            openings("method").inc()
        elif not known.found.counts:
            openings("ended").inc()
        else:
            client = scope["client"]
            # Of what the browser sent only what is looked at: many may wait.
            headers = [one for one in scope["headers"] if one[0] in LOOKED_AT]
            peer = client[0] if client else None
            self._counting.note(Knock(code, known.found.person_id, headers, peer, self._now()))


@asynccontextmanager
async def opening(
    settings: Settings, database_url: str, sessions: RedisStore
) -> AsyncIterator[Opening]:
    """Lead on as long as the context lasts; what was opened is counted before it ends."""
    commit = GroupCommit(Lane(database_url))
    commit.start()
    counting = Counting(settings, commit, sessions)
    counting.start()
    try:
        yield Opening(counting)
    finally:
        await counting.close()
        await commit.close()


def in_front_of(application: ASGIApp, door: Opening) -> ASGIApp:
    """Send what is below `/s/` to `door`, past every middleware, and the rest on."""

    async def parted(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) == "http" and scope["path"].startswith(PREFIX):
            await door(cast(HTTPScope, scope), receive, send)
        else:
            await application(scope, receive, send)

    return parted
