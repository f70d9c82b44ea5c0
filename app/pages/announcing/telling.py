"""Saying after the commit that an announcement changed: to screens, to pages that watch the contest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request

from app.live.contests import contest_topic
from app.live.screens import SCREENS
from app.pages.live import tell


async def tell_screens(request: Request[Any, Any, Any], contest_id: int, now: datetime) -> None:
    """Signal all screens and the contest's own page."""
    await tell(request, (SCREENS, contest_topic(contest_id)), now)
