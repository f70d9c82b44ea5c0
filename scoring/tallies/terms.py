"""What a contest's charter asks of the counting, and what the counting answers. Pure.

Law: these terms, the facts and a cutoff decide a value; nothing else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from scoring.metrics import Contest, Source, contest_metrics


class TermsInvalid(ValueError):
    """A contest cannot be counted by these terms; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingTerms:
    """The part of a charter that decides what counts, for facts in [start_at, end_at).

    Raises `TermsInvalid` where nothing could be counted by them.
    """

    metric: str  # a name in `contest_metrics()`
    start_at: datetime
    end_at: datetime
    platforms: frozenset[str]  # facts of other networks are not seen at all
    rulebook: str | None  # TOML; for metrics of points: what the charter was published with
    growth_floor: int = 1  # followers that growth is measured against at least
    zone: ZoneInfo  # decides days, weeks and months
    needs_disclosure: bool  # posts about the company count only with the disclosure
    goals: tuple[int, ...] = ()  # values of which it is asked when each was reached

    def __post_init__(self) -> None:
        if self.metric not in contest_metrics():
            known = ", ".join(contest_metrics())
            raise TermsInvalid(f"a contest cannot be about {self.metric!r}; there are: {known}")
        if self.start_at.tzinfo is None or self.end_at.tzinfo is None:
            raise TermsInvalid("a contest's start and end are moments with their time zone")
        if self.end_at <= self.start_at:
            raise TermsInvalid("a contest ends after its start")
        if self.contest.source is Source.RULEBOOK and self.rulebook is None:
            raise TermsInvalid(
                f"a contest about {self.metric} needs the rulebook that gives points"
            )

    @property
    def contest(self) -> Contest:
        """How the metric counts in a contest."""
        side = contest_metrics()[self.metric].contest
        assert side is not None
        return side


@dataclass(frozen=True, slots=True)
class CountedFact:
    """One fact behind a value, for the evidence: the worth of all adds up to what was found.

    `id` names the fact's row (an engagement's id, a snapshot's, or the post and kind of a figure);
    `key` is what counted once, or the account of a snapshot.
    """

    kind: Literal["engagement", "snapshot", "figure"]
    id: str
    platform: str
    key: str
    at: datetime
    worth: int  # signed: what stood before, or at the start, is taken off


@dataclass(frozen=True, slots=True)
class Tallied:
    """A person's value in a contest.

    `reached_at` is the earliest moment at which the counted facts up to it already give the value;
    None for nothing, and for followers, who are only counted now and then. `missing` says why a
    person does not place: `no_account`, `no_snapshot_at_start`, `no_snapshot_at_end`. `goals`: of those
    that were asked for and reached, the earliest moment at which the counted facts up to it gave it,
    so that going on afterwards makes nobody later.
    """

    person_id: int
    value: int
    reached_at: datetime | None = None
    facts: tuple[CountedFact, ...] = ()
    missing: str | None = None
    goals: Mapping[int, datetime] = field(default_factory=dict)
