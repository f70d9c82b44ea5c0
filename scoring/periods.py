"""Days, weeks, months, quarters, seasons and all time, as the company's time zone sees them.

A season is one that HR named, or what named ones leave of a calendar quarter: rules that count by seasons
have one for every day. Boards have seasons with a name only, beside the quarters. Pure, but for the named
seasons, which a process is told (`follow`): they begin after the day they are set, so that a process that
has not heard of one yet is wrong about no day that has come.

Law: for any moment and zone, exactly one period of each kind contains the moment, and the end of
one is the start of the next, also on the days when clocks change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

ALL_STARTS_ON = date(1970, 1, 1)
_ALL_ENDS_AT = datetime(9999, 12, 31, tzinfo=UTC)  # the last day Python's datetime can name
_MONTHS_A_QUARTER = 3  # a season without a name is one, too
_ONE_DAY = timedelta(days=1)


class NamedSeason(NamedTuple):
    """A season with a name, both days included."""

    name: str
    starts_on: date
    ends_on: date


class _Calendar:
    """The named seasons this process follows, in order."""

    seasons: tuple[NamedSeason, ...] = ()


def follow(seasons: Iterable[NamedSeason]) -> None:
    """From now on these are the named seasons; they do not overlap."""
    told = tuple(sorted(seasons, key=lambda season: season.starts_on))
    if told != _Calendar.seasons:
        _Calendar.seasons = told
        first_days.cache_clear()


def named_seasons() -> tuple[NamedSeason, ...]:
    """The named seasons that this process follows, the first first."""
    return _Calendar.seasons


def named_season(day: date) -> NamedSeason | None:
    """The named season that holds a day, or None."""
    return next((one for one in _Calendar.seasons if one.starts_on <= day <= one.ends_on), None)


class Period(StrEnum):
    """A stretch of time a board is about. Its start is part of the board's key: no resetting."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    ALL = "all"

    @property
    def label(self) -> str:
        """The word on pages."""
        return _LABELS[self]


_LABELS = {
    Period.DAY: "Day",
    Period.WEEK: "Week",
    Period.MONTH: "Month",
    Period.QUARTER: "Quarter",
    Period.SEASON: "Season",
    Period.ALL: "All time",
}


def starts_on(period: Period, at: datetime, zone: tzinfo) -> date:
    """The first day of the period that contains an aware moment. Weeks start on Monday."""
    return first_day(period, _local_day(at, zone))


def current(now: datetime, zone: tzinfo) -> Mapping[Period, date]:
    """The first day of every board's period at a moment, with one look at the clock's zone."""
    return first_days(_local_day(now, zone))


@lru_cache(maxsize=1024)  # asked for every entry, and most lie in a few days
def first_days(day: date) -> Mapping[Period, date]:
    """The first day of every period that a day is counted in; of a season, if the day's has a name.

    One without would be its quarter, or what is left of it, once more.
    """
    counted = set(Period) if named_season(day) is not None else set(Period) - {Period.SEASON}
    return MappingProxyType({one: first_day(one, day) for one in Period if one in counted})


def bounds(period: Period, starts_on: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Start and end in UTC, end exclusive. `starts_on` must be a first day of such a period."""
    if first_day(period, starts_on) != starts_on:
        raise ValueError(f"{starts_on} is not the first day of a {period}")
    start_at = _midnight(starts_on, zone)
    if period is Period.ALL:
        return start_at, _ALL_ENDS_AT
    return start_at, _midnight(following(period, starts_on), zone)


def first_day(period: Period, day: date) -> date:
    """The first day of the period that contains a day."""
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)
        case Period.QUARTER:
            return _quarter(day)
        case Period.SEASON:
            if (named := named_season(day)) is not None:
                return named.starts_on
            over = [one.ends_on + _ONE_DAY for one in _Calendar.seasons if one.ends_on < day]
            return max([_quarter(day), *over])
        case Period.ALL:
            return ALL_STARTS_ON


def following(period: Period, starts_on: date) -> date:
    """The first day of the next period; all time has none and says so."""
    match period:
        case Period.DAY:
            return starts_on + timedelta(days=1)
        case Period.WEEK:
            return starts_on + timedelta(days=7)
        case Period.MONTH:
            return _months_later(starts_on, 1)
        case Period.QUARTER:
            return _months_later(starts_on, _MONTHS_A_QUARTER)
        case Period.SEASON:
            if (named := named_season(starts_on)) is not None:
                return named.ends_on + _ONE_DAY
            later = [one.starts_on for one in _Calendar.seasons if one.starts_on > starts_on]
            return min([_months_later(_quarter(starts_on), _MONTHS_A_QUARTER), *later])
        case Period.ALL:
            raise ValueError("nothing follows all time")


def preceding(period: Period, starts_on: date) -> date:
    """The first day of the period before; all time has none and says so."""
    if period is Period.ALL:
        raise ValueError("nothing precedes all time")
    return first_day(period, starts_on - timedelta(days=1))


def _local_day(at: datetime, zone: tzinfo) -> date:
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone belongs to no period")
    return at.astimezone(zone).date()


def _midnight(day: date, zone: tzinfo) -> datetime:
    # Where clocks jump over midnight, fold=0 makes this the moment of the jump; where they
    # repeat it, the first of the two.
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _quarter(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % _MONTHS_A_QUARTER, day=1)


def _months_later(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)
