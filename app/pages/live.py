"""Where a page hears that something changed, how its browsers spread their questions, and how it says
after the commit that it changed something itself.

Law: what was decided holds, whether Redis hears of it or not; who watches finds it by itself.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from litestar import Request

from app.live.leave import leave
from app.live.screens import PEOPLE
from app.live.topics import signal
from app.settings import Settings
from scoring import REDIS_AWAY, BoardKey

_log = structlog.get_logger(__name__)

# After a signal each browser waits its own moment: thousands of them ask over a second, not at once.
# Not sooner than 150 ms, so that a process that looked 100 ms ago has seen what was signalled; not
# later than 900 ms, so that signals a second apart do not put each other off.
SOONEST_MS: Final = 150
LATEST_MS: Final = 900


def event_stream(
    request: Request[Any, Any, Any], board: BoardKey | None = None, version: int = 0
) -> str:
    """The address of the live updates of the company's reshares and of a board.

    `version` is what the page shows already, so that it hears of newer ones only.
    """
    base: str = request.app.state.settings.live_url
    query = [("board", str(board))] if board else []
    if version:
        query.append(("since", str(version)))
    return f"{base}/live?{urlencode(query)}" if query else f"{base}/live"


def spread_ms() -> int:
    """How long this page waits after a signal."""
    return random.randint(SOONEST_MS, LATEST_MS)


def live_stream(request: Request[Any, Any, Any], topic: str) -> str:
    """The address of the live updates of one topic, for whoever may open this page."""
    settings: Settings = request.app.state.settings
    given = leave(settings.require_secret_key(), [topic], datetime.now(UTC))
    query = [("board", topic), *([("leave", given)] if given else [])]
    return f"{settings.live_url}/live?{urlencode(query)}"


async def tell_of_somebody(request: Request[Any, Any, Any], now: datetime) -> None:
    """Signal all screens that somebody is to be seen otherwise: a slide of them may stand for minutes."""
    await tell(request, (PEOPLE,), now)


async def tell(request: Request[Any, Any, Any], topics: Sequence[str], now: datetime) -> None:
    """Signal topics; nothing more than a line in the log where Redis is away."""
    try:
        await signal(request.app.state.redis, topics, now)
    except REDIS_AWAY as away:
        _log.warning("not_signalled", topics=topics, why=f"{type(away).__name__}: {away}")
