"""What streams carry besides boards: that a contest, all screens or one screen have something new.

Laws: a signal says that something changed, never what; a version only grows, without anybody keeping
count: it is the moment of the change. So a flushed Redis costs nothing but the slower look that pages
and screens take by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec.json
from redis.asyncio import Redis

from scoring import SIGNALS, Signal

_TOPIC: Final = re.compile(r"screens|(?:contest|screen):[1-9][0-9]{0,17}")
_KEPT_S: Final = 7 * 24 * 3600  # what was open longer than this without news loads anew anyway


def is_topic(name: str) -> bool:
    """Whether a watched name is a topic, not a board."""
    return _TOPIC.fullmatch(name) is not None


def topic_event(topic: str) -> str:
    """The event of a topic: "contest-12", "screens", "screen-3"."""
    return topic.replace(":", "-")


async def signal(redis: Redis, topics: Iterable[str], now: datetime) -> None:
    """Say what changed; after the commit of what changed it."""
    version = int(now.timestamp() * 1000)
    trip = redis.pipeline(transaction=False)
    for topic in sorted(set(topics)):
        trip.set(_key(topic), version, ex=_KEPT_S)
        trip.publish(SIGNALS, msgspec.json.encode(Signal(topic, version)))
    if len(trip):
        await trip.execute()


async def topic_versions(redis: Redis, topics: Sequence[str]) -> dict[str, int]:
    """The versions of topics in one trip; 0 where nothing was signalled lately."""
    trip = redis.pipeline(transaction=False)
    for topic in topics:
        trip.get(_key(topic))
    found = await trip.execute() if topics else []
    return {topic: int(version or 0) for topic, version in zip(topics, found, strict=True)}


def _key(topic: str) -> str:
    return f"fanfare:{{{topic}}}:version"
