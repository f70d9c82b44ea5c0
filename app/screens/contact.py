"""When each screen was last heard of, and what it shows. A note for the administrator, in Redis only.

Law: whatever a player says of itself is cut to what a page can show, and noting it never holds a
screen up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from redis.asyncio import Redis

from scoring import REDIS_AWAY

_HASH: Final = "fanfare:screens:contacts"
_MOST: Final = 160  # characters of what is said
LARGEST: Final = 20_000  # pixels
# Heard of within this time, a screen is on: it asks at every slide, and those last ten minutes at most.
LIVELY: Final = timedelta(minutes=12)


class Contact(msgspec.Struct, frozen=True):
    """The last time a screen asked what to show."""

    at: datetime
    showing: str  # in words: "Points this week, 8 people"
    key: str  # of what it shows
    width: int  # of its window in pixels; 0 where it did not say
    height: int
    agent: str
    version: str  # of its page

    def is_on(self, now: datetime) -> bool:
        """Whether the screen is likely to be on."""
        return now - self.at < LIVELY


async def note_contact(redis: Redis, screen_id: int, contact: Contact) -> None:
    """Note that a screen asked."""
    await note_contacts(redis, {screen_id: contact})


async def note_contacts(redis: Redis, said: Mapping[int, Contact]) -> None:
    """Note what several screens said, in one trip."""
    if said:
        fields = {str(id): msgspec.json.encode(_cut(one)) for id, one in said.items()}
        await redis.hset(_HASH, mapping=fields)  # type: ignore[arg-type]


async def contacts(redis: Redis, ids: Sequence[int]) -> dict[int, Contact]:
    """The last contacts of screens; one that was never heard of is left out."""
    kept = await redis.hmget(_HASH, [str(id) for id in ids]) if ids else []
    return {
        id: msgspec.json.decode(one, type=Contact)
        for id, one in zip(ids, kept, strict=True)
        if one is not None
    }


async def contacts_if_known(redis: Redis, ids: Sequence[int]) -> dict[int, Contact] | None:
    """The same; None while Redis is away, when nobody knows."""
    try:
        return await contacts(redis, ids)
    except REDIS_AWAY:
        return None


async def forget_contact(redis: Redis, screen_id: int) -> None:
    """A revoked screen is heard of no more."""
    await redis.hdel(_HASH, str(screen_id))


def _cut(contact: Contact) -> Contact:
    return Contact(
        contact.at,
        contact.showing[:_MOST],
        contact.key[:_MOST],
        min(max(contact.width, 0), LARGEST),
        min(max(contact.height, 0), LARGEST),
        contact.agent[:_MOST],
        contact.version[:_MOST],
    )
