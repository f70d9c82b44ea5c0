"""Asking servers of Mastodon no faster than each lets us.

Law: a server that is slow, or has had enough of us, delays those who ask that server and nobody else.
Source: docs.joinmastodon.org/api/rate-limits, read 2026-11-22.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from datetime import UTC, datetime
from typing import Final

from app.going_out import Outside, OutsideAway
from scoring import Answer, Ask

_SPARED: Final = 30  # questions of a server's 300 that are left to whoever else asks from here
_PAUSE_S: Final = 300.0  # the span of its limit, where it says nothing else
_MOST_PAUSE_S: Final = 3600.0


class Paced:
    """Puts questions, each server's in its own pace."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self._free_at: defaultdict[str, float] = defaultdict(float)

    async def ask(self, ask: Ask, token: str) -> Answer:
        """An answer that is none of "too many". Raises OutsideAway and OutsideRefused."""
        for _ in range(3):
            wait_s = self._free_at[ask.origin] - time.monotonic()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            answer = await self.outside.ask(ask, token=token)
            self._heed(ask.origin, answer)
            if answer.status != 429:
                return answer
        raise OutsideAway(f"{ask.origin} says again and again that it is asked too often.")

    def _heed(self, origin: str, answer: Answer) -> None:
        left = answer.headers.get("x-ratelimit-remaining", "")
        enough = answer.status == 429
        if not enough and not (left.isascii() and left.isdigit() and int(left[:9]) < _SPARED):
            return
        wait_s = answer.retry_after_s(time.time())
        if wait_s is None:
            wait_s = _until(answer.headers.get("x-ratelimit-reset", ""))
        wait_s = min(_PAUSE_S if wait_s is None else wait_s, _MOST_PAUSE_S)
        self._free_at[origin] = max(self._free_at[origin], time.monotonic() + wait_s)


def _until(said: str) -> float | None:
    """Seconds until a moment as Mastodon writes it, or None."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return max((at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)
