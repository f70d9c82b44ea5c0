"""Laws of the schedule and of resting, pure."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.polls.schedule import Hurry, moment_after, next_due, rest_s
from scoring import renewal

DAY_S, HOUR = 86_400, timedelta(hours=1)
START = datetime(2026, 11, 1, tzinfo=UTC)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
keys = st.text(min_size=1, max_size=20)
every = st.sampled_from([3_600, DAY_S])


@given(keys, every, moments)
def test_each_has_one_moment_of_its_own_in_every_stretch(
    key: str, every_s: int, after: datetime
) -> None:
    first = moment_after(key, every_s, after)
    assert after < first <= after + timedelta(seconds=every_s)
    assert moment_after(key, every_s, first) == first + timedelta(seconds=every_s)
    # Whenever it is asked for in between, it is the same.
    assert moment_after(key, every_s, first - timedelta(microseconds=1)) == first


@given(keys, moments, st.lists(st.integers(0, 200_000), max_size=30))
def test_what_was_missed_is_asked_once_and_never_more_than_once_a_day(
    key: str, begin: datetime, steps: list[int]
) -> None:
    """A worker looks at any moments, in any gaps: it asks when something is due, and plans the next."""
    now, due, asked = begin, begin, []
    for step in steps:
        now += timedelta(seconds=step)
        if now >= due:
            asked.append(now)
            due = next_due(key, DAY_S, now)
    of_a_stretch = Counter(moment_after(key, DAY_S, at) for at in asked)
    # The first question of all comes at once, whatever its own moment is.
    assert all(times <= 1 for times in of_a_stretch.values())


@given(keys, moments, st.integers(1, 48))
def test_in_a_contests_last_day_it_is_every_hour_until_the_end(
    key: str, ends_at: datetime, before_h: int
) -> None:
    hurry = Hurry(ends_at - timedelta(days=1), ends_at)
    now, asked = ends_at - timedelta(hours=before_h), []
    while (now := next_due(key, DAY_S, now, [hurry])) < ends_at:
        asked.append(now)
    hourly = [at for at in asked if at >= hurry.from_at]
    assert len(hourly) in range(min(before_h, 24) - 1, 26)
    if before_h > 1:
        assert ends_at - hourly[-1] <= HOUR  # one last count within the hour before the end
    gaps = [b - a for a, b in pairwise(hourly)]
    assert all(gap <= HOUR for gap in gaps)
    assert sum(gap < HOUR for gap in gaps) <= 2  # the day's own moment stands among them


@given(moments)
def test_before_its_last_day_a_contest_changes_nothing(ends_at: datetime) -> None:
    hurry = Hurry(ends_at, ends_at + timedelta(days=1))
    long_before = ends_at - timedelta(days=3)
    assert next_due("ada", DAY_S, long_before, [hurry]) == next_due("ada", DAY_S, long_before)


def test_ten_thousand_people_are_spread_over_the_day_whoever_else_there_is() -> None:
    at = [moment_after(f"person {n}", DAY_S, START) for n in range(10_000)]
    by_hour = Counter(one.hour for one in at)
    assert len(by_hour) == 24
    assert max(by_hour.values()) < 10_000 / 24 * 1.25
    assert min(by_hour.values()) > 10_000 / 24 * 0.75


@given(keys, moments, st.integers(1, 50))
def test_what_is_refused_alone_is_asked_later_and_later_up_to_a_month(
    key: str, at: datetime, failures: int
) -> None:
    this, following = (next_due(key, DAY_S, at, failures=n) for n in (failures, failures + 1))
    assert at < this <= following <= at + timedelta(days=33)


@given(st.text(max_size=30), st.integers(1, 100), st.none() | st.floats(0, 1e9))
def test_a_server_in_trouble_rests_as_long_as_it_says_and_twice_as_long_each_time(
    server: str, failures: int, said_s: float | None
) -> None:
    rest = rest_s(server, failures, said_s)
    assert 30 <= rest <= 86_400
    assert said_s is None or rest >= min(said_s, 86_400)
    if said_s is None:
        assert rest <= 6 * 3_600
        assert rest >= min(60 * 2 ** (failures - 1), 6 * 3_600) * 0.75


@given(st.text(max_size=30), st.none() | st.floats(0, 1e9))
def test_a_server_that_only_asks_us_to_wait_is_given_just_that(
    server: str, said_s: float | None
) -> None:
    assert rest_s(server, 0, said_s) == min(said_s or 0, 86_400)


@given(keys, moments, st.integers(60, 30 * DAY_S))
def test_a_promise_is_asked_for_again_well_before_it_ends(
    key: str, at: datetime, lease_s: int
) -> None:
    again = renewal(key, at, lease_s)
    lease = timedelta(seconds=lease_s)
    assert at + lease / 2 <= again <= at + lease * 3 / 4
