"""Connections to networks on the live stream: that something came from one, never what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from redis.asyncio import Redis

from app.live.topics import signal


def connection_topic(platform: str) -> str:
    """What a page watches: `/live?board=connection:x`; the event is called `connection-x`."""
    return f"connection:{platform}"


async def signal_connections(redis: Redis, platforms: Iterable[str], now: datetime) -> None:
    """Say from which networks something came; after the commit of it."""
    await signal(redis, map(connection_topic, platforms), now)
