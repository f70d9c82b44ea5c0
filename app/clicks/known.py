"""Where codes lead, as a process remembers it: most openings of a link ask the database nothing.

Laws: what is remembered is bounded, and codes that nobody made push none out that somebody did; a flood
of them takes a few connections, never the pages'. An address once given never changes; whether a link has
ended is asked anew where openings are counted (`app.clicks.counting`).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog

from app.clicks import answers
from app.database import transaction
from scoring import Leading, leading

_log = structlog.get_logger(__name__)
Kept = TypeVar("Kept")

_CODE: Final = re.compile(r"[A-Za-z0-9_-]{8,32}")
_KEPT: Final = 10_000  # links
_KEPT_OF_NOBODY: Final = 1_000  # codes that were never made
_FRESH_S: Final = 30.0
_AT_ONCE: Final = 4  # questions to the database
_MOST_WAITING: Final = 256  # for one of them


class TooManyAsk(Exception):
    """So many codes are being looked up that another one must come again."""


@dataclass(frozen=True, slots=True)
class Known:
    """A link, with the beginning of the answer that leads on."""

    found: Leading
    answer: Any
    until: float  # on the monotonic clock


class KnownLinks:
    """The links of one process."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._nobodys: OrderedDict[str, float] = OrderedDict()
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    def at_hand(self, code: str) -> Known | None:
        """A link that was looked up a moment ago."""
        known = self._known.get(code)
        return known if known is not None and known.until > time.monotonic() else None

    async def find(self, code: str) -> Known | None:
        """Look a link up; None for a code that was never made. Raises TooManyAsk, or what the database
        raises where nothing is remembered."""
        if not _CODE.fullmatch(code) or self._nobodys.get(code, 0.0) > time.monotonic():
            return None
        if self._waiting >= _MOST_WAITING:
            raise TooManyAsk
        self._waiting += 1
        try:
            async with self._room:
                # Whoever waited meanwhile asked for the same.
                return self.at_hand(code) or await self._asked(code)
        finally:
            self._waiting -= 1

    async def _asked(self, code: str) -> Known | None:
        try:
            async with transaction(readonly=True) as connection:
                found = await leading(connection, code)
        except Exception:
            before = self._known.get(code)
            if before is None:
                raise
            _log.warning("link_led_on_from_memory")  # it leads where it always led
            return before
        until = time.monotonic() + _FRESH_S
        if found is None:
            self._known.pop(code, None)
            _keep(self._nobodys, code, until, _KEPT_OF_NOBODY)
            return None
        known = Known(found, answers.leading_to(found.target), until)
        _keep(self._known, code, known, _KEPT)
        return known


def _keep(held: OrderedDict[str, Kept], code: str, kept: Kept, most: int) -> None:
    held[code] = kept
    held.move_to_end(code)
    if len(held) > most:
        held.popitem(last=False)
