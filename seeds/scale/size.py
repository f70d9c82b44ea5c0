"""How large the company is, and who gets how much of what happens. Pure.

Law: the same size and seed give the same world, and people are independent of each other, so that any
number of processes may write it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import gcd

DAYS = 730  # two years, of which the last has just begun to matter to boards
_STEEP = (
    0.1  # 1 less the exponent of Zipf's law: the first hundredth of people get a quarter of it all
)
_VIRAL_EVERY = 2_500_000  # engagements
_VIRAL = 20_000
_STRIDE = 2_654_435_761  # scatters ranks over the numbers people have


@dataclass(frozen=True, slots=False)
class Size:
    """People, engagements in about two years until `now`, departments and offices."""

    people: int
    engagements: int
    now: datetime
    seed: int = 2026
    departments: int = 40
    offices: int = 12

    @property
    def begins_at(self) -> datetime:
        """When the history begins: a midnight in UTC."""
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=DAYS)

    @property
    def known_at(self) -> datetime:
        """Since when everybody is enrolled and linked."""
        return self.begins_at - timedelta(days=2)

    @property
    def crowd(self) -> int:
        """How many people outside there are who answer anybody."""
        return 5 * self.people

    @cached_property
    def viral(self) -> dict[int, int]:
        """Who has a post that went round the world, and how many came: a person's number, from 1."""
        posts = max(1, self.engagements // _VIRAL_EVERY)
        each = min(_VIRAL, self.engagements // 100)
        return {1 + n * self.people // posts: each for n in range(posts)} if each else {}

    @cached_property
    def _stride(self) -> int:
        stride = _STRIDE
        while gcd(stride, self.people) != 1:
            stride += 2
        return stride

    @cached_property
    def _ordinary(self) -> int:
        return self.engagements - sum(self.viral.values())

    def ranked(self, rank: int) -> int:
        """The number of the person with a rank, from 0: who gets the most is anywhere."""
        return 1 + rank * self._stride % self.people

    @cached_property
    def _back(self) -> int:
        return pow(self._stride, -1, self.people) if self.people > 1 else 0

    def somebody(self, share: float) -> int:
        """The number of a person by the share of all that goes to those ranked before them."""
        flat = self.people / 1000
        low, high = flat**_STEEP, (self.people + flat) ** _STEEP
        rank = int((low + share * (high - low)) ** (1 / _STEEP) - flat)
        return self.ranked(min(max(rank, 0), self.people - 1))

    def deeds_of(self, person: int) -> int:
        """How many engagements a person's history has, beside a viral post."""
        rank = (person - 1) * self._back % self.people
        return self._until(rank + 1) - self._until(rank)

    def _until(self, rank: int) -> int:
        """How many engagements the first so many people have together."""
        flat = self.people / 1000
        share: float = ((rank + flat) ** _STEEP - flat**_STEEP) / (
            (self.people + flat) ** _STEEP - flat**_STEEP
        )
        return round(self._ordinary * share)
