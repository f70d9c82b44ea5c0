"""Contests on the live stream: that a contest's standing changed, never what it says.

Law: a version only grows, without anybody keeping count: it is the moment of the change. So a
flushed Redis costs nothing but the pages' own slower look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec.json
from redis.asyncio import Redis

from scoring import SIGNALS, Signal

_TOPIC = re.compile(r"contest:[1-9][0-9]{0,17}")
_KEPT_S = 7 * 24 * 3600  # a page that was open longer than this without news loads anew anyway


def contest_topic(contest_id: int) -> str:
    """What a page watches: `/live?board=contest:12`; the event is called `contest-12`."""
    return f"contest:{contest_id}"


def is_contest(name: str) -> bool:
    """Whether a watched name is a contest's."""
    return _TOPIC.fullmatch(name) is not None


def contest_event(topic: str) -> str:
    """The event of a topic, which is the id of the contest's block on a page."""
    return topic.replace(":", "-")


async def signal_contests(redis: Redis, contest_ids: Iterable[int], now: datetime) -> None:
    """Say which contests changed; after the commit of what changed them."""
    version = int(now.timestamp() * 1000)
    trip = redis.pipeline(transaction=False)
    for contest_id in sorted(contest_ids):
        topic = contest_topic(contest_id)
        trip.set(_key(topic), version, ex=_KEPT_S)
        trip.publish(SIGNALS, msgspec.json.encode(Signal(topic, version)))
    if len(trip):
        await trip.execute()


async def contest_versions(redis: Redis, topics: Sequence[str]) -> dict[str, int]:
    """The versions of watched contests in one trip; 0 where nothing was signalled lately."""
    trip = redis.pipeline(transaction=False)
    for topic in topics:
        trip.get(_key(topic))
    found = await trip.execute() if topics else []
    return {topic: int(version or 0) for topic, version in zip(topics, found, strict=True)}


def _key(topic: str) -> str:
    return f"fanfare:{{{topic}}}:version"
