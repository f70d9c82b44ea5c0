"""What screens say of themselves, gathered and noted once a second: two thousand of them that ask at
once are one trip to Redis. Law: nobody waits for it, and what cannot be noted is dropped."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog
from redis.asyncio import Redis

from app.screens.contact import Contact, note_contacts
from scoring import REDIS_AWAY

_log = structlog.get_logger(__name__)
GATHERS_S: Final = 0.5


class ContactBook:
    """The contacts of this process that were not noted yet."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._said: dict[int, Contact] = {}
        self._noting: asyncio.Task[None] | None = None

    def note(self, screen_id: int, contact: Contact) -> None:
        """Note a contact soon."""
        self._said[screen_id] = contact
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(self._soon())

    async def close(self) -> None:
        """Note what was gathered, now."""
        if self._noting is not None:
            self._noting.cancel()
        await self._note()

    async def _soon(self) -> None:
        await asyncio.sleep(GATHERS_S)
        await self._note()

    async def _note(self) -> None:
        said, self._said = self._said, {}
        try:
            await note_contacts(self._redis, said)
        except REDIS_AWAY as away:
            _log.info("contacts_not_noted", screens=len(said), why=str(away))
