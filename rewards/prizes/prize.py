"""What a kind of prize is: its words, and what holds for it. Pure.

Law: a kind says of itself whether tied places may share it and teams divide it; nothing else asks for
its name to find out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rewards.contests.charter import Prize


class MalformedPrizeKind(TypeError):
    """A file in rewards/prizes is no kind of prize; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class PrizeExample:
    """A law as test and documentation: this prize reads like this."""

    prize: Prize
    words: str


@dataclass(frozen=True, slots=True)
class PrizeKindFile:
    """One kind of prize."""

    name: str  # also the file's name
    label: str
    words: Callable[[Prize], str]  # what one winner gets: "€200"
    shared_when_tied: bool  # whether tied places may pool it
    for_teams: bool
    examples: tuple[PrizeExample, ...]
    why_not_for_teams: str = ""  # a sentence, where teams cannot win it
    needs_allowance: str | None = None  # what an administrator must have allowed: `cash_or_days`

    def __post_init__(self) -> None:
        if not self.examples:
            raise MalformedPrizeKind(f"the prize {self.name} has no examples; give it one")
        if not self.for_teams and not self.why_not_for_teams:
            raise MalformedPrizeKind(f"the prize {self.name} does not say why teams cannot win it")
