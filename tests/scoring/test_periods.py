"""Periods: laws about days, weeks, months, quarters and all time in the company's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.periods import Period, bounds, current, following, preceding, starts_on

ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/Havana",  # jumps over midnight in spring, repeats it in autumn
        "Asia/Beirut",  # jumps over midnight
        "America/Sao_Paulo",  # jumped over midnight until 2018
        "Australia/Lord_Howe",  # half an hour of summer time
        "Asia/Kathmandu",
        "Pacific/Apia",  # skipped a whole day in 2011
        "Pacific/Kiritimati",
    )
]
moments = st.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001 - Hypothesis wants bounds without a zone
    datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
zones = st.sampled_from(ZONES)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("period", "at", "expected"),
    [
        (Period.DAY, "2026-11-21T22:59:59+00:00", date(2026, 11, 21)),
        (Period.DAY, "2026-11-21T23:00:00+00:00", date(2026, 11, 22)),
        (Period.WEEK, "2026-11-22T22:59:59+00:00", date(2026, 11, 16)),
        (Period.WEEK, "2026-11-22T23:00:00+00:00", date(2026, 11, 23)),
        (Period.MONTH, "2026-10-31T22:59:59+00:00", date(2026, 10, 1)),
        (Period.MONTH, "2026-10-31T23:00:00+00:00", date(2026, 11, 1)),
        (Period.QUARTER, "2026-11-22T12:00:00+00:00", date(2026, 10, 1)),
        (Period.QUARTER, "2026-12-31T23:00:00+00:00", date(2027, 1, 1)),
        (Period.SEASON, "2026-11-22T12:00:00+00:00", date(2026, 10, 1)),
        (Period.SEASON, "2026-12-31T23:00:00+00:00", date(2027, 1, 1)),
        (Period.ALL, "1969-07-20T20:17:00+00:00", date(1970, 1, 1)),
        (Period.ALL, "2026-11-22T12:00:00+00:00", date(1970, 1, 1)),
    ],
)
def test_a_moment_belongs_to_the_period_of_the_companys_calendar(
    period: Period, at: str, expected: date
) -> None:
    assert starts_on(period, datetime.fromisoformat(at), BERLIN) == expected


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_is_as_long_as_its_clock_says(day: date, hours: int) -> None:
    start_at, end_at = bounds(Period.DAY, day, BERLIN)
    assert end_at - start_at == timedelta(hours=hours)
    assert start_at.tzinfo is UTC
    assert end_at.tzinfo is UTC


@given(at=moments, zone=zones, period=st.sampled_from(Period))
def test_every_moment_lies_within_its_own_period(
    at: datetime, zone: ZoneInfo, period: Period
) -> None:
    start_at, end_at = bounds(period, starts_on(period, at, zone), zone)
    assert start_at <= at < end_at


@given(at=moments, zone=zones, period=st.sampled_from([p for p in Period if p is not Period.ALL]))
def test_periods_follow_each_other_without_gap_or_overlap(
    at: datetime, zone: ZoneInfo, period: Period
) -> None:
    first = starts_on(period, at, zone)
    later = following(period, first)
    assert bounds(period, first, zone)[1] == bounds(period, later, zone)[0]
    assert preceding(period, later) == first


@given(at=moments, zone=zones)
def test_all_current_periods_agree_with_each_one_alone(at: datetime, zone: ZoneInfo) -> None:
    # No season has a name here, so none is counted beside its quarter.
    assert current(at, zone) == {
        period: starts_on(period, at, zone) for period in Period if period is not Period.SEASON
    }


@given(at=moments, zone=zones)
def test_a_shorter_period_never_reaches_out_of_its_month_or_quarter(
    at: datetime, zone: ZoneInfo
) -> None:
    now = current(at, zone)
    assert now[Period.ALL] < now[Period.QUARTER] <= now[Period.MONTH] <= now[Period.DAY]
    assert now[Period.WEEK] <= now[Period.DAY]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        starts_on(Period.DAY, datetime(2026, 11, 22), BERLIN)  # noqa: DTZ001 - that is the point


def test_a_period_that_starts_elsewhere_is_refused() -> None:
    with pytest.raises(ValueError, match="not the first day of a week"):
        bounds(Period.WEEK, date(2026, 11, 22), BERLIN)


def test_nothing_comes_before_or_after_all_time() -> None:
    for neighbour in (following, preceding):
        with pytest.raises(ValueError, match="all time"):
            neighbour(Period.ALL, date(1970, 1, 1))


def test_labels_are_the_words_of_the_pages() -> None:
    assert [period.label for period in Period] == [
        "Day",
        "Week",
        "Month",
        "Quarter",
        "Season",
        "All time",
    ]
