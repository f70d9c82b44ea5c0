"""Consents in the worker: renewed, warned of and taken back by a loop of its own.

Law: whatever networks do with them, no scoring waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.consent import anything_due, keep_consents
from app.going_out import going_out
from app.settings import Settings

EVERY_S: Final = 15.0  # whoever unlinks an account elsewhere than on its page waits so long


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
