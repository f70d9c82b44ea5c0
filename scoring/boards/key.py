"""Which board: metric, period, its first day and the audience. The key never changes, so nothing is
reset: a new period is a new board.

Law: an id that comes from outside names either exactly one possible board or is refused with words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from scoring.metrics import board_metrics
from scoring.periods import Period, bounds, first_day, named_season

EVERYONE = "all"
_AUDIENCE = re.compile(r"all|(?:department|office)-[1-9][0-9]{0,9}|bracket-[1-6]")
# By how many followers people had as it began. Only the longer periods: every audience of a board holds
# all its people once more, and a day or a week among equals is too few to rank.
BRACKETED = frozenset({Period.MONTH, Period.QUARTER, Period.SEASON})
# Between them a period's beginning and end are moments in every time zone.
_FIRST, _LAST = date(1970, 1, 1), date(2999, 12, 31)
# A past board stays in Redis while people still look back at it, then PostgreSQL is enough.
_KEPT_AFTER_THE_END = timedelta(days=40)
_KEPT_ON_DEMAND = timedelta(days=1)  # an older one, brought back because somebody opened it


class UnknownBoard(ValueError):
    """An id that names no possible board; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, order=True)
class BoardKey:
    """A board's name. As text: `points:week:2026-11-16:department-3`."""

    metric: str
    period: Period
    starts_on: date
    audience: str = EVERYONE

    def __str__(self) -> str:
        return f"{self.metric}:{self.period}:{self.starts_on}:{self.audience}"

    @property
    def element_id(self) -> str:
        """The id of its block on a page and the name of its event: `board-points-week-…`."""
        return "board-" + str(self).replace(":", "-")

    def part(self, name: str) -> str:
        """The Redis key of one of its parts. The braces put all parts in one Cluster slot."""
        return f"fanfare:{{{self}}}:{name}"

    @property
    def of_bracket(self) -> bool:
        """Whether people with about as many followers stand on it."""
        return self.audience.startswith("bracket-")

    @property
    def is_known(self) -> bool:
        """Whether such a period begins on its first day, as far as this process follows the seasons."""
        if self.period is Period.SEASON:
            season = named_season(self.starts_on)
            return season is not None and season.starts_on == self.starts_on
        return first_day(self.period, self.starts_on) == self.starts_on

    def is_running(self, now: datetime, zone: tzinfo) -> bool:
        """Whether its period contains this moment or ended less than a day ago."""
        start_at, end_at = bounds(self.period, self.starts_on, zone)
        return start_at <= now and now - end_at < timedelta(days=1)

    def expires_at(self, now: datetime, zone: tzinfo) -> int:
        """When Redis may forget it, in Unix seconds; 0 for a board of all time, which it keeps."""
        if self.period is Period.ALL:
            return 0
        _, end_at = bounds(self.period, self.starts_on, zone)
        return int(max(end_at + _KEPT_AFTER_THE_END, now + _KEPT_ON_DEMAND).timestamp())

    @classmethod
    def parse(cls, text: str) -> BoardKey:
        """Read an id from an address; raises `UnknownBoard`.

        A season begins on any day that HR says: whether one does on this, `is_known` answers.
        """
        parts = text.split(":")
        if len(parts) != 4:
            raise UnknownBoard(f"a board's id is metric:period:first-day:audience, not {text!r}")
        metric, period, starts_on, audience = parts
        if metric not in board_metrics():
            raise UnknownBoard(
                f"nothing is counted as {metric!r}; there are {', '.join(board_metrics())}"
            )
        if period not in list(Period):
            raise UnknownBoard(f"{period!r} is no period; there are {', '.join(Period)}")
        try:
            day = date.fromisoformat(starts_on)
        except ValueError:
            raise UnknownBoard(f"{starts_on!r} is no day such as 2026-11-16") from None
        # Also refuses other spellings that fromisoformat reads, so that a board has one name.
        begins = period == Period.SEASON or first_day(Period(period), day) == day
        if str(day) != starts_on or not begins:
            raise UnknownBoard(f"no {period} starts on {starts_on!r}")
        if not _FIRST <= day <= _LAST:
            raise UnknownBoard(f"nothing is counted in {day.year}")
        if not _AUDIENCE.fullmatch(audience):
            raise UnknownBoard(f"{audience!r} is no audience; try all, department-1 or office-1")
        board = cls(metric, Period(period), day, audience)
        if board.of_bracket and board.period not in BRACKETED:
            raise UnknownBoard(
                f"there are no brackets of a {period}; try {', '.join(sorted(BRACKETED))}"
            )
        return board


def audiences(department_id: int | None, office_id: int | None) -> tuple[str, ...]:
    """The audiences a person stands before: everyone, the department's and the office's people."""
    return (
        EVERYONE,
        *((f"department-{department_id}",) if department_id is not None else ()),
        *((f"office-{office_id}",) if office_id is not None else ()),
    )
