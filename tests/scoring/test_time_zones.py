"""The clocks of the world: where they jump, repeat themselves or leave out a day, windows still tile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from scoring.periods import Period, bounds, first_day, following, starts_on
from scoring.rules import Rule, read_rulebook
from scoring.verify.points import prepare

_ONE = timedelta(microseconds=1)
RUNNING = [period for period in Period if period is not Period.ALL]
# (zone, a day on which its clocks do something, how many hours that day has)
ODD_DAYS = [
    ("Europe/Berlin", date(2026, 3, 29), 23),
    ("Europe/Berlin", date(2026, 10, 25), 25),
    ("America/New_York", date(2026, 3, 8), 23),
    ("America/New_York", date(2026, 11, 1), 25),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),  # half an hour of summer time
    ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
    ("Asia/Kolkata", date(2026, 3, 29), 24),  # no summer time, half an hour off
    ("Pacific/Apia", date(2011, 12, 29), 24),
    ("Pacific/Apia", date(2011, 12, 30), 0),  # the day that Samoa left out
    ("Pacific/Apia", date(2011, 12, 31), 24),
    ("America/Sao_Paulo", date(2018, 11, 4), 23),  # no midnight: clocks went from 0:00 to 1:00
    ("America/Sao_Paulo", date(2018, 2, 17), 25),
    ("America/Havana", date(2026, 3, 8), 23),  # no midnight
    ("America/Havana", date(2026, 11, 1), 25),  # two midnights
    ("Asia/Beirut", date(2026, 3, 29), 23),  # no midnight
]


@pytest.mark.parametrize(("zone", "day", "hours"), ODD_DAYS)
def test_a_day_has_the_hours_that_its_clocks_gave_it(zone: str, day: date, hours: float) -> None:
    start_at, end_at = bounds(Period.DAY, day, ZoneInfo(zone))
    assert end_at - start_at == timedelta(hours=hours)


@pytest.mark.parametrize(("zone", "day", "hours"), ODD_DAYS)
def test_every_instant_around_an_odd_day_lies_in_exactly_one_window_of_each_kind(
    zone: str, day: date, hours: float
) -> None:
    clock = ZoneInfo(zone)
    for period in RUNNING:
        windows = [bounds(period, first, clock) for first in _firsts(period, day)]
        for at in _half_hours(day):
            holding = [
                (start_at, end_at) for start_at, end_at in windows if start_at <= at < end_at
            ]
            assert holding == [bounds(period, starts_on(period, at, clock), clock)]


@pytest.mark.parametrize(("zone", "day", "hours"), ODD_DAYS)
def test_the_windows_around_an_odd_day_tile(zone: str, day: date, hours: float) -> None:
    clock = ZoneInfo(zone)
    for period in RUNNING:
        firsts = list(_firsts(period, day))
        ends = [bounds(period, first, clock)[1] for first in firsts[:-1]]
        assert ends == [bounds(period, first, clock)[0] for first in firsts[1:]]


def test_a_midnight_that_does_not_exist_is_the_moment_of_the_jump() -> None:
    start_at, _ = bounds(Period.DAY, date(2018, 11, 4), ZoneInfo("America/Sao_Paulo"))
    assert start_at == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert start_at.astimezone(ZoneInfo("America/Sao_Paulo")).hour == 1
    assert (start_at - _ONE).astimezone(ZoneInfo("America/Sao_Paulo")).date() == date(2018, 11, 3)


def test_of_two_midnights_the_first_begins_the_day() -> None:
    start_at, _ = bounds(Period.DAY, date(2026, 11, 1), ZoneInfo("America/Havana"))
    assert start_at == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_no_clock_of_today_goes_back_into_the_day_before() -> None:
    """Else a day would lie in two pieces. Newfoundland's did so at a minute past midnight until 2011."""
    for name in sorted(available_timezones()):
        clock = ZoneInfo(name)
        for at in _changes(clock, 2015, 2040):
            before, after = (at - _ONE).astimezone(clock), at.astimezone(clock)
            assert before.date() <= after.date(), (name, at)


def test_the_leap_day_is_a_day_of_its_month_week_and_quarter() -> None:
    leap, berlin = date(2028, 2, 29), ZoneInfo("Europe/Berlin")
    assert {period.value: first_day(period, leap) for period in RUNNING} == {
        "day": leap, "week": date(2028, 2, 28), "month": date(2028, 2, 1),
        "quarter": date(2028, 1, 1), "season": date(2028, 1, 1),
    }  # fmt: skip
    assert following(Period.DAY, leap) == date(2028, 3, 1)
    assert following(Period.DAY, date(2028, 2, 28)) == leap
    assert following(Period.DAY, date(2027, 2, 28)) == date(2027, 3, 1)
    start_at, end_at = bounds(Period.MONTH, date(2028, 2, 1), berlin)
    assert (end_at - start_at).days == 29
    assert bounds(Period.DAY, leap, berlin)[1] == end_at


@pytest.mark.parametrize("per", ["day", "week", "month", "season"])
@pytest.mark.parametrize(("zone", "day", "hours"), ODD_DAYS)
def test_a_rules_windows_are_the_companys(zone: str, day: date, hours: float, per: str) -> None:
    rule, clock = rule_per(per), ZoneInfo(zone)
    for at in _half_hours(day):
        window = rule.window_at(at, None, clock)
        assert window.start_at is not None
        assert window.end_at is not None
        assert window.start_at <= at < window.end_at


@pytest.mark.parametrize("zone", sorted({zone for zone, _, _ in ODD_DAYS}))
async def test_the_recomputation_in_sql_begins_every_window_at_the_same_moment(
    connection: Any, zone: str
) -> None:
    clock = ZoneInfo(zone)
    moments = [at for name, day, _ in ODD_DAYS if name == zone for at in _half_hours(day)]
    async with connection.transaction():
        await prepare(connection, clock)
        for period in RUNNING:
            rows = await connection.fetch(
                "select at, pg_temp.v_starts_at($1, at) as starts_at from unnest($2::timestamptz[]) at",
                period.value,
                moments,
            )
            for row in rows:
                expected = bounds(period, starts_on(period, row["at"], clock), clock)[0]
                assert row["starts_at"] == expected, (period, row["at"])


def rule_per(per: str) -> Rule:
    """A rule that counts per day, week, month or season."""
    book = read_rulebook(
        f"""[[rule]]
name = "answered"
when = {{ relation = "earned", kind = "reply" }}
credit = "actor"
per = "{per}"
steps = [[3, 5]]"""
    )
    return book.rules["answered"]


def _half_hours(day: date) -> Iterator[datetime]:
    """Every half hour around a day, and the instant before each."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    for _ in range(2 * 24 * 2 + 8):
        yield at - _ONE
        yield at
        at += timedelta(minutes=30)


def _firsts(period: Period, day: date) -> Iterator[date]:
    """The first days of the windows around a day."""
    first = first_day(period, day - timedelta(days=3))
    while first <= day + timedelta(days=3):
        yield first
        first = following(period, first)
    yield first


def _changes(clock: ZoneInfo, first_year: int, last_year: int) -> Iterator[datetime]:
    """The moments at which a clock is set, found to the second between two looks."""
    step = timedelta(days=20)
    at = datetime(first_year, 1, 1, tzinfo=UTC)
    while at.year < last_year:
        low, high = at, at + step
        if low.astimezone(clock).utcoffset() != high.astimezone(clock).utcoffset():
            was = low.astimezone(clock).utcoffset()
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                if middle.astimezone(clock).utcoffset() == was:
                    low = middle
                else:
                    high = middle
            yield high
        at += step
