"""Rest, corrections and what is planned: a screen's picture changes at the moments it should, also
over midnight and when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screens.moments import (
    AGAIN_EVERY,
    AGAIN_FOR,
    AWAITED,
    FIRST_FOR,
    SAID_FOR,
    correction_again,
    correction_until,
    due,
    rest_begins,
    rest_ends,
)
from app.screens.setting import Setting

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
)
HOURS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def rests(since: str, until: str) -> Setting:
    return Setting(
        "Canteen", rests_from=time.fromisoformat(since), rests_until=time.fromisoformat(until)
    )


@given(moment=MOMENTS, zone=ZONES, since=HOURS, until=HOURS)
def test_a_rest_lasts_until_it_ends_and_the_next_begins_when_it_was_said_to(
    moment: datetime, zone: str, since: time, until: time
) -> None:
    setting = Setting("Canteen", rests_from=since, rests_until=until)
    place = ZoneInfo(zone)

    def resting(at: datetime) -> bool:
        return setting.rests(at.astimezone(place).time())

    ends_at, begins_at = rest_ends(setting, moment, place), rest_begins(setting, moment, place)
    assert (ends_at is not None) == resting(moment)
    changes_at = ends_at or begins_at
    if changes_at is None:
        assert since == until
        return
    assert timedelta() < changes_at - moment <= timedelta(hours=25)
    # Whatever the clocks do in between, nothing changes before.
    steps = int((changes_at - moment).total_seconds() // 300)
    if moment.date() == changes_at.date():
        assert all(
            resting(moment + step * timedelta(minutes=5)) == resting(moment)
            for step in range(steps)
        )


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-20T21:30+00:00", "2026-11-21T05:30+00:00"),  # 22:30: rests until half past six
        ("2026-11-21T02:00+00:00", "2026-11-21T05:30+00:00"),
        ("2026-11-21T05:30+00:00", None),
        ("2026-11-21T20:59+00:00", None),
        ("2026-03-28T23:30+00:00", "2026-03-29T04:30+00:00"),  # clocks go forward that night
        ("2026-10-24T23:30+00:00", "2026-10-25T05:30+00:00"),  # and back
    ],
)
def test_a_rest_goes_over_midnight(now: str, ends: str | None) -> None:
    found = rest_ends(rests("22:00", "06:30"), datetime.fromisoformat(now), BERLIN)
    assert found == (datetime.fromisoformat(ends) if ends else None)


def test_an_hour_that_clocks_skip_ends_when_they_are_past_it() -> None:
    # 02:30 does not exist on 29 March 2026 in Berlin: it is three o'clock at once, 01:00 UTC.
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert rest_ends(rests("22:00", "02:30"), before, BERLIN) == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )


def test_a_screen_without_hours_never_rests() -> None:
    for setting in (Setting("Canteen"), rests("08:00", "08:00")):
        assert rest_ends(setting, NOW, BERLIN) is None
        assert rest_begins(setting, NOW, BERLIN) is None


def test_a_correction_is_said_for_a_minute_and_then_every_ten_for_two_hours() -> None:
    said = [
        second
        for second in range(-60, 3 * 3600)
        if correction_until(NOW, NOW + timedelta(seconds=second))
    ]
    turns = int(SAID_FOR / AGAIN_EVERY)
    first, again = int(FIRST_FOR.total_seconds()), int(AGAIN_FOR.total_seconds())
    assert said == [
        *range(first),
        *(600 * turn + second for turn in range(1, turns) for second in range(again)),
    ]


@given(passed=st.integers(0, 3 * 3600))
def test_between_its_turns_the_next_turn_of_a_correction_is_known(passed: int) -> None:
    now = NOW + timedelta(seconds=passed)
    again_at = correction_again(NOW, now)
    if again_at is None:
        assert now + AGAIN_EVERY >= NOW + SAID_FOR
    else:
        assert now < again_at <= now + AGAIN_EVERY
        assert correction_until(NOW, again_at)


@given(
    seconds=st.integers(5, 600),
    millis=st.integers(0, 999),
    starts_in=st.none() | st.integers(-100, 2000),
    other_in=st.none() | st.integers(-100, 2000),
)
def test_the_next_picture_is_never_later_than_anything_that_is_planned(
    seconds: int, millis: int, starts_in: int | None, other_in: int | None
) -> None:
    now = NOW + timedelta(milliseconds=millis)
    starts_at = None if starts_in is None else NOW + timedelta(seconds=starts_in)
    other_at = None if other_in is None else NOW + timedelta(seconds=other_in)
    at = due(now, timedelta(seconds=seconds), starts_at, [other_at, None])
    assert at > now
    for planned in (starts_at, other_at):
        assert planned is None or planned <= now or at <= planned
    awaited = starts_at is not None and now < starts_at <= now + AWAITED
    assert awaited or at <= now + timedelta(seconds=seconds + 1)
    if awaited and (other_at is None or other_at <= now or other_at >= starts_at):
        assert at == starts_at  # nothing else is begun so shortly before
