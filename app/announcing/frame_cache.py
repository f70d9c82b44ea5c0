"""Frames for many screens at once: each is made once a second, not once a screen.

Law: a frame that is handed out was made less than a second ago; so a hide takes effect within one.
Hold one cache a process: ids are those of one database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from time import monotonic
from typing import Any, Final

from app.announcing.frame import Frame
from app.announcing.frames import frame_now
from app.announcing.named import Audience
from rewards import Announcement

FRESH_S: Final = 1.0  # as quick as a page follows what a person chooses

Acquire = Callable[[], AbstractAsyncContextManager[Any]]
_Key = tuple[int, int, int | None, Audience]


class FrameCache:
    """The frames that are on now."""

    def __init__(self, secret: str, fresh_s: float = FRESH_S) -> None:
        self._secret = secret
        self._fresh_s = fresh_s
        self._made: dict[_Key, tuple[float, Frame | None]] = {}
        self._making: dict[_Key, asyncio.Lock] = {}

    async def now(
        self, acquire: Acquire, announcement: Announcement, *, audience: Audience, now: datetime
    ) -> Frame | None:
        """As `frames.frame_now`. `acquire` lends a connection, asked for only when a frame must be
        made; who asks for the same one meanwhile waits for it."""
        position = announcement.position(now)
        key = (announcement.id, len(announcement.events), position.step, audience)
        async with self._making.setdefault(key, asyncio.Lock()):
            made_at, frame = self._made.get(key, (-self._fresh_s, None))
            if monotonic() - made_at < self._fresh_s:
                return frame
            asked_at = monotonic()
            async with acquire() as connection:
                frame = await frame_now(
                    connection, announcement, audience=audience, now=now, secret=self._secret
                )
            self._forget(key)
            self._made[key] = (asked_at, frame)
            return frame

    def _forget(self, but: _Key) -> None:
        """Drop what is not on any more, so that nothing grows."""
        outdated = monotonic() - self._fresh_s
        for key in [key for key, (at, _) in self._made.items() if at < outdated and key != but]:
            del self._made[key]
            if not self._making[key].locked():
                del self._making[key]
