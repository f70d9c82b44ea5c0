"""Consents in the worker, by two loops: one renews and warns, one follows up what was taken back.

Laws: whatever networks do with them, no scoring waits for it, and no renewal for what was taken back. Who
lost an account in whatever way has taken its consent back at once: PostgreSQL says that accounts changed
hands, and a look now and then finds what that left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.consent import (
    anything_due,
    anything_to_follow_up,
    follow_up_all,
    keep_consents,
    withdraw_ownerless,
)
from app.going_out import going_out
from app.settings import Settings
from scoring import ACCOUNTS_CHANGED

EVERY_S: Final = 15.0
# A second or so where 200,000 are kept.
_LOOK_AT_ALL_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Consents:
    """One process's rounds."""

    settings: Settings

    async def tick(self, connection: Any) -> int:
        """Do what is due; returns how much that was."""
        now = datetime.now(UTC)
        if not await anything_due(connection, self.settings, now):
            return 0
        async with going_out(self.settings) as outside:
            return await keep_consents(connection, self.settings, outside, now)


@dataclass(slots=True)
class TakenBack:
    """One process's rounds of what was taken back; `wake` begins one as soon as an account changed hands."""

    settings: Settings
    wake: Callable[[], None]
    _listening: Any = None  # the connection that hears of it
    _changed: bool = False
    _all_at: datetime = datetime.min.replace(tzinfo=UTC)

    async def tick(self, connection: Any) -> int:
        """Do what is left to do; returns how much that was."""
        now = datetime.now(UTC)
        await self._take_back(connection, now)
        if not await anything_to_follow_up(connection, now):
            return 0
        async with going_out(self.settings) as outside:
            return await follow_up_all(connection, self.settings, outside, now)

    async def _take_back(self, connection: Any, now: datetime) -> None:
        # A round that fails comes again with another connection, and then all are looked at.
        if connection is not self._listening:
            await connection.add_listener(ACCOUNTS_CHANGED, self._hear)
            self._listening, self._all_at = connection, now - _LOOK_AT_ALL_EVERY
        of_late, self._changed = self._changed, False
        if now >= self._all_at + _LOOK_AT_ALL_EVERY:
            self._all_at = now
            await withdraw_ownerless(connection, now)
        elif of_late:
            await withdraw_ownerless(connection, now, of_late=True)

    def _hear(self, *_: Any) -> None:
        self._changed = True
        self.wake()
