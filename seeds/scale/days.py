"""The company's days as numbers, so that millions of moments find their periods without a calendar. Pure."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from scoring.periods import Period, first_day, first_days

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1)
SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR


def stamp(at: datetime) -> int:
    """Microseconds since 2000: how PostgreSQL writes a moment."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The moment of a stamp."""
    return _EPOCH + timedelta(microseconds=at)


def day_stamp(day: date) -> int:
    """Days since 2000: how PostgreSQL writes a day."""
    return (day - _EPOCH_DAY).days


class Days:
    """Local days from before one moment until after another, counted from 0."""

    def __init__(self, begins_at: datetime, ends_at: datetime, zone: tzinfo) -> None:
        day, last = begins_at.date() - timedelta(days=2), ends_at.date() + timedelta(days=2)
        self.days: list[date] = []
        self._midnights: list[int] = []
        while day <= last:
            self.days.append(day)
            self._midnights.append(stamp(datetime.combine(day, time(), tzinfo=zone)))
            day += timedelta(days=1)
        self.names = [str(day) for day in self.days]
        # Of every period that has boards: a day's first day. A season has them where it has a name.
        self.firsts: dict[str, dict[int, int]] = {period.value: {} for period in Period}
        for number, day in enumerate(self.days):
            for period, first in first_days(day).items():
                self.firsts[period.value][number] = day_stamp(first)
        self.windows = {
            period.value: [f"{period}:{first_day(period, day)}" for day in self.days]
            for period in Period
        }

    def of(self, at: int) -> int:
        """The number of the local day that holds a moment."""
        return bisect_right(self._midnights, at) - 1
