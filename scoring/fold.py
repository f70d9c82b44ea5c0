"""The one fold that does all scoring. Pure.

Law: a key counts once per rule, in the window of its earliest live deed; inside a window the k-th key,
ordered by (that earliest moment, key), earns the k-th step at that moment. Points depend on the set of
facts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self, TypeVar
from uuid import UUID

from scoring.books import Ruling
from scoring.credits import Credit
from scoring.rules import Rule, Rulebook

_One = TypeVar("_One")


class Claim(NamedTuple):
    """A live key in its window: when it first counted and what stands behind it."""

    key: UUID
    at: datetime
    engagement_id: UUID | None  # None for a figure's nameless keys
    figure: tuple[UUID, str] | None = None  # then the post and kind that were counted


class Earned(NamedTuple):
    """Points of one key at its moment."""

    claim: Claim
    place: int  # from 0, in the window
    points: int


def earliest(credits: Iterable[Credit]) -> dict[UUID, Credit]:
    """The earliest credit of every key; of simultaneous ones the lowest engagement id."""
    first: dict[UUID, Credit] = {}
    for credit in credits:
        known = first.get(credit.key)
        if known is None or (credit.at, credit.deed.id) < (known.at, known.deed.id):
            first[credit.key] = credit
    return first


def fold(rule: Rule, claims: Iterable[Claim]) -> list[Earned]:
    """What the live keys of one window earn: the steps of the rule in order of (moment, key)."""
    ordered = sorted(claims, key=lambda claim: (claim.at, claim.key))
    return [Earned(claim, place, points) for place, claim, points in climbed(rule, ordered)]


def climbed(rule: Rule, ordered: Iterable[_One]) -> Iterator[tuple[int, _One, int]]:
    """(place, one, points) of those that the steps of a rule pay, whatever they are: in their order."""
    for place, (one, points) in enumerate(zip(ordered, rule.ladder, strict=False)):
        if points:
            yield place, one, points


@dataclass(frozen=True, slots=True)
class DirtyWindow:
    """A window whose points must be worked out anew: (person, rule, window) with its ruling."""

    person_id: int
    rule: Rule
    window_name: str
    book: Rulebook
    start_at: datetime | None
    end_at: datetime | None

    @classmethod
    def of(cls, credit: Credit) -> Self:
        """The window that a credit falls into."""
        return cls.ruled(credit.person_id, (credit.rule, credit.window, credit.book))

    @classmethod
    def ruled(cls, person_id: int, ruling: Ruling) -> Self:
        """A person's window as a version of the rulebook rules it."""
        rule, window, book = ruling
        return cls(person_id, rule, window.name, book, window.start_at, window.end_at)

    @property
    def post_id(self) -> UUID | None:
        """The post that the window is, where the rule counts per post."""
        per, _, post = self.window_name.partition(":")
        return UUID(post) if per == "post" and post else None

    @property
    def identity(self) -> tuple[int, str, str]:
        """What makes two marks the same."""
        return self.person_id, self.rule.name, self.window_name
