"""Several things in one delivery, each read by itself.

Law: one that cannot be read sets only itself aside. What the others tell counts, and the delivery stays with
those that are set aside, with the reason, so that the rest can be read later; nothing then counts twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from scoring.facts import Fact, Telling, UnusableFact
from scoring.platforms.payload import Payload

PARTLY: Final = "a part of it, while the rest counts: "
_SAID: Final = 3  # reasons that are told in full; the others are of the same kind, as a rule


class Parts:
    """What was read so far, what was passed over, and what could not be read."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._passed: list[str] = []
        self._faults: list[str] = []

    def take(
        self, part: Payload, told: Callable[[], Iterable[Fact]], name: Callable[[], str]
    ) -> None:
        """Read one part: all it tells, or nothing of it. `name` says what it is, where it tells nothing."""
        try:
            found = tuple(told())
            self.facts += found
            if not found:
                self._passed.append(name())
        except UnusableFact as why:
            self.fault(part, why)

    def fault(self, part: Payload, why: UnusableFact) -> None:
        """Note what could not be read, with its place."""
        reason = str(why)
        self._faults.append(reason if reason.startswith(part.path) else f"{part.path}: {reason}")

    def passed(self, why: str) -> None:
        """Note what is of no interest."""
        self._passed.append(why)

    def telling(self, empty: str) -> Telling:
        """All of it. Raises UnusableFact where nothing was told and something could not be read."""
        faults = list(dict.fromkeys(self._faults))
        reason = "; ".join(faults[:_SAID])
        if len(faults) > _SAID:
            reason += f"; and {len(faults) - _SAID} more like that"
        if not self.facts:
            if faults:
                raise UnusableFact(reason)
            return Telling.nothing("; ".join(dict.fromkeys(self._passed)) or empty)
        return Telling.of(self.facts, unread=f"{PARTLY}{reason}" if faults else None)
