"""What a verification found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from scoring.verify.difference import Difference
from scoring.verify.whom import EVERYBODY, Whom

MOST_NAMED: Final = 1_000  # differences kept in words; a broken installation has millions


@dataclass(slots=True)
class Verification:
    """What was checked and what differs, so far."""

    whom: Whom = EVERYBODY
    everybody: int = 0  # how many people there are to look at
    next_person: int = 0  # all before this number were looked at; 0: none yet
    complete: bool = False
    versions: int = 0  # of the rulebook
    people: int = 0
    deeds: int = 0  # those of two people are seen with each
    points: int = 0  # what the facts are worth
    totals: int = 0
    boards: int = 0
    broken_boards: int = 0  # not whole in Redis: nobody is shown them, and they are built again
    waiting_deliveries: int = 0
    waiting_changes: int = 0
    waiting_totals: int = 0  # for their boards to be told
    still_counted: int = 0  # people with differences whose points are being counted just now
    differing: int = 0
    differences: list[Difference] = field(default_factory=list)  # the first `MOST_NAMED`

    @property
    def agrees(self) -> bool:
        """Whether nothing differs, of what was checked."""
        return self.differing == 0

    def note(self, found: list[Difference]) -> None:
        """Count differences, and keep the first of them."""
        self.differing += len(found)
        self.differences += found[: MOST_NAMED - len(self.differences)]
