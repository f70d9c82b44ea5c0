"""Contests on the live stream: that a contest's standing changed, never what it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from redis.asyncio import Redis

from app.live.topics import signal


def contest_topic(contest_id: int) -> str:
    """What a page watches: `/live?board=contest:12`; the event is called `contest-12`."""
    return f"contest:{contest_id}"


async def signal_contests(redis: Redis, contest_ids: Iterable[int], now: datetime) -> None:
    """Say which contests changed; after the commit of what changed them."""
    await signal(redis, map(contest_topic, contest_ids), now)
