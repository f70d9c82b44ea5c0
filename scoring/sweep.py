"""How far a queue in order of ids was swept, so that what is gone is not passed over again and again.

A row that left a queue stays in its index until nobody can see it any more; were every look to begin at
the first id, a backlog would cost the square of its length. Law: nothing is left behind. Ids become
visible in another order than they are given, so a look goes back by some seconds every second, and to
the very beginning every minute, and after whatever failed.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

_BACK_S: Final = 5.0  # a transaction that notes something takes a second or less
_BACK_EVERY_S: Final = 1.0
_WHOLE_EVERY_S: Final = 60.0  # one that took longer than that is found then


@dataclass(slots=True)
class Sweep:
    """One worker's way through one queue. Looks begin after the id `after`."""

    after: int = 0
    _floor: int = 0  # nothing below it was there some seconds ago
    _marks: deque[tuple[float, int]] = field(default_factory=deque)
    _went_back_at: float = 0.0
    _began_at: float = field(default_factory=lambda: time.monotonic())

    def reached(self, last: int | None, full: bool) -> None:
        """A look that was committed found ids up to `last`, and more beyond them if it is `full`."""
        now = time.monotonic()
        if now - self._began_at > _WHOLE_EVERY_S:
            self.again()
            return
        if last is not None:
            self._marks.append((now, last))
        while self._marks and self._marks[0][0] < now - _BACK_S:
            self._floor = max(self._floor, self._marks.popleft()[1])
        if full and last is not None and now - self._went_back_at < _BACK_EVERY_S:
            self.after = last
        else:
            self.after, self._went_back_at = self._floor, now

    def again(self) -> None:
        """From the beginning: a look failed, and what it took is back."""
        self.after = self._floor = 0
        self._marks.clear()
        self._went_back_at = self._began_at = time.monotonic()
