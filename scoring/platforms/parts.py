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

        def read() -> None:
            found = tuple(told())
            self.facts += found
            if not found:
                self._passed.append(name())

        self.within(part, read)

    def within(self, part: Payload, read: Callable[[], None]) -> None:
        """Read a part that has parts of its own; what cannot be read is noted with its place."""
        try:
            read()
        except UnusableFact as why:
            reason = str(why)
            at = part.path
            self._faults.append(reason if reason.startswith(at) else f"{at}: {reason}")

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
