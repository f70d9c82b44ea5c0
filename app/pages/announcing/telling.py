"""Saying after the commit that an announcement changed: to screens, to pages that watch the contest.

Law: what was decided holds, whether Redis hears of it or not; the screens find it by their own clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from litestar import Request

from app.live.contests import contest_topic
from app.live.screens import SCREENS
from app.live.topics import signal
from scoring import REDIS_AWAY

_log = structlog.get_logger(__name__)


async def tell_screens(request: Request[Any, Any, Any], contest_id: int, now: datetime) -> None:
    """Signal all screens and the contest's own page."""
    await tell(request, (SCREENS, contest_topic(contest_id)), now)


async def tell(request: Request[Any, Any, Any], topics: tuple[str, ...], now: datetime) -> None:
    """Signal topics; nothing more than a line in the log where Redis is away."""
    try:
        await signal(request.app.state.redis, topics, now)
    except REDIS_AWAY as away:
        _log.warning("not_signalled", topics=topics, why=f"{type(away).__name__}: {away}")
