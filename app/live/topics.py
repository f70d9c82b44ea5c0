"""What streams carry besides boards: that a contest, all screens, one screen, people or the connection to
a network have something new.

Laws: a signal says that something changed, never what; a version only grows, without anybody keeping
count: it is the moment of the change, and one more than before where a host's clock is behind another's.
So a flushed Redis costs nothing but the slower look that pages
and screens take by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from redis.asyncio import Redis

from scoring import SIGNALS

_TOPIC: Final = re.compile(
    r"screens|people|(?:contest|screen):[1-9][0-9]{0,17}|connection:[a-z][a-z0-9_]{0,30}"
)
# In one step, so that of two hosts that signal at once neither is lost. What is published is a Signal.
_NEWER: Final = """
local version = math.max(tonumber(ARGV[1]), (tonumber(redis.call('get', KEYS[1])) or 0) + 1)
redis.call('set', KEYS[1], string.format('%.0f', version), 'ex', ARGV[2])
redis.call('publish', ARGV[3], cjson.encode({board = ARGV[4], version = version}))
"""
_KEPT_S: Final = 7 * 24 * 3600  # what was open longer than this without news loads anew anyway


def is_topic(name: str) -> bool:
    """Whether a watched name is a topic, not a board."""
    return _TOPIC.fullmatch(name) is not None


def topic_event(topic: str) -> str:
    """The event of a topic: "contest-12", "screens", "screen-3", "people", "connection-x"."""
    return topic.replace(":", "-")


async def signal(redis: Redis, topics: Iterable[str], now: datetime) -> None:
    """Say what changed; after the commit of what changed it."""
    at = int(now.timestamp() * 1000)
    trip = redis.pipeline(transaction=False)
    for topic in sorted(set(topics)):
        trip.eval(_NEWER, 1, _key(topic), at, _KEPT_S, SIGNALS, topic)
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
