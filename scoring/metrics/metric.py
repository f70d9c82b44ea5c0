"""What a metric is: its words, and how boards and contests count it. Pure.

Laws: on a board a metric of entries sees an entry alone, so totals are sums and no order of arrival
can change them; one of answers counts different people, one of followers what counts rose by; in a
contest it sees what the facts of the contest's stretch came to, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from scoring.facts import Kind

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")  # part of a board's id and of addresses


class MalformedMetric(TypeError):
    """A file in scoring/metrics is not a metric; the message says what to mend."""


class EntryLike(Protocol):
    """What a metric may look at: an entry or anything shaped like one."""

    @property
    def relation(self) -> str:
        """Who did it to whom, e.g. `earned`."""

    @property
    def points(self) -> int:
        """Signed: a reversal carries the points it takes back."""


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """An entry for an example."""

    relation: str
    points: int


class Source(StrEnum):
    """Where a contest or a board finds what it counts."""

    RULEBOOK = "rulebook"  # the points that the rulebook gives: the charter's, or the entries
    ANSWERS = "answers"  # replies and quotes by people outside
    FOLLOWERS = "followers"  # snapshots of the follower counts


@dataclass(frozen=True, slots=True)
class Found:
    """What the facts came to for one person: all that a contest's value is made of."""

    earned: int = 0  # points, or people, in the contest's stretch
    before: int = 0  # the same in the equally long stretch before; only where asked for
    gained: int = 0  # followers, less those lost
    base: int = 0  # followers at the start
    floor: int = 1  # at least so many followers growth is measured against


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """Somebody outside replies to (or quotes) a post of yours, for an example."""

    actor: str
    post: str
    kind: Kind = Kind.REPLY
    day: int = 0  # of the board's period


@dataclass(frozen=True, slots=True)
class Example:
    """A law as test and documentation: together these are worth this value on a board.

    Entries, answers, or the follower counts of one account, as the board's source is.
    """

    law: str
    entries: tuple[SampleEntry, ...]
    value: int
    answers: tuple[SampleAnswer, ...] = ()
    counts: tuple[int, ...] = ()  # the first is where the account began


@dataclass(frozen=True, slots=True)
class Board:
    """How boards count a metric.

    From the rulebook: what one entry adds to a person's total. From answers: different people
    outside in the period. From followers: what every count adds to the one before it.
    """

    examples: tuple[Example, ...]
    value: Callable[[EntryLike], int] = lambda entry: 0
    source: Source = Source.RULEBOOK


@dataclass(frozen=True, slots=True)
class ContestExample:
    """A law as test and documentation: these answers, or what was found, are worth this value."""

    law: str
    value: int
    found: Found | None = None
    answers: tuple[SampleAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Contest:
    """How contests count a metric, with the words of card, sentence and thresholds."""

    source: Source
    card: str  # heading of a contest's card: "Answered by the most people"
    sentence: str  # after "the ambassador": "answered by the most people"
    goal: str  # after "everyone who": "is answered by {value}"; {value} is the number with its unit
    examples: tuple[ContestExample, ...]
    version: int = 1  # rises whenever the same facts would be worth another value
    value: Callable[[Found], int] = lambda found: found.earned
    credit: tuple[str, ...] = ()  # for answers: what counts once in a contest
    looks_before: bool = False  # whether the equally long stretch before matters
    hint: str = ""  # where the metric's own sentence speaks of boards: what counts in a contest

    @property
    def has_moments(self) -> bool:
        """Whether a value is reached at a moment, so that «earliest to reach» can break a tie."""
        return self.source is not Source.FOLLOWERS


@dataclass(frozen=True, slots=True)
class Metric:
    """A way to count, with its words. It has a board's side, a contest's side, or both."""

    name: str  # also the file's name
    label: str  # on tabs and headings
    hint: str  # one sentence that tells a newcomer what counts
    unit_one: str  # "1 point"
    unit_many: str  # "2 points"
    board: Board | None = None
    contest: Contest | None = None
    decimals: int = 0  # 1: the value is in tenths of the unit
    tab: str = ""  # a shorter label where there is little room; empty: the label
    place: int = 9  # among the tabs, lowest first; of equal ones the name decides

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise MalformedMetric(
                f"a metric's name is lower case letters, digits and _, not {self.name!r}"
            )
        for word in ("label", "hint", "unit_one", "unit_many"):
            if not getattr(self, word).strip():
                raise MalformedMetric(f"the metric {self.name} has no {word}")
        if self.board is None and self.contest is None:
            raise MalformedMetric(
                f"the metric {self.name} counts nowhere; give it a board, a contest or both"
            )
        for where, side in (("board", self.board), ("contest", self.contest)):
            if side is not None and not side.examples:
                raise MalformedMetric(
                    f"the metric {self.name} has no examples for its {where}; give it at least one"
                )
        if self.contest is not None:
            _check_contest(self.name, self.contest)

    @property
    def contest_hint(self) -> str:
        """One sentence that tells an entrant what counts in a contest."""
        return self.contest.hint if self.contest and self.contest.hint else self.hint

    def in_words(self, value: int) -> str:
        """A value with its unit, e.g. "1 point", "1,204 points" or "12.5 percent"."""
        whole, part = divmod(abs(value), 10**self.decimals)
        number = f"{'-' if value < 0 else ''}{whole:,}"
        if part:
            number += f".{part:0{self.decimals}}"
        return f"{number} {self.unit_one if (whole, part) == (1, 0) else self.unit_many}"

    def goal_in_words(self, value: int) -> str:
        """What reaching a value means, after "everyone who": "is answered by 25 people"."""
        if self.contest is None:
            raise MalformedMetric(f"the metric {self.name} has no contest side")
        return self.contest.goal.format(value=self.in_words(value))


def _check_contest(name: str, contest: Contest) -> None:
    for word in ("card", "sentence"):
        if not getattr(contest, word).strip():
            raise MalformedMetric(f"the contest of the metric {name} has no {word}")
    if "{value}" not in contest.goal:
        raise MalformedMetric(f"the goal of the metric {name} does not say {{value}}")
    if (contest.source is Source.ANSWERS) != bool(contest.credit):
        raise MalformedMetric(
            f"the metric {name} says what counts once exactly if it counts answers"
        )
