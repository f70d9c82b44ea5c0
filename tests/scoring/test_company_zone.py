"""A company that changes its time zone: nothing earlier moves, and no moment lies in two days or in none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.periods import Period, bounds, first_day, following, starts_on
from scoring.score import score
from scoring.successive_zones import one_zone, spelled, zone_of
from scoring.verify import verify
from scoring.zones import (
    ZoneRefused,
    company_zone,
    follow_zones,
    foresee_zone,
    keep_zones,
    record_zone,
    set_zone,
    take_back_zone,
    zone_changes,
)
from tests.scoring.scene import NOW, ZONE, by_rule, hour, raise_curtain, reply, tell, totals

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NAMES = [
    "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana",
    "Pacific/Kiritimati", "America/Sao_Paulo", "UTC",
]  # fmt: skip
RUNNING = [period for period in Period if period is not Period.ALL]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_ONE = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def nothing_told() -> Iterator[None]:
    follow_zones(())
    yield
    follow_zones(())


def changed(old: str, new: str, day: date) -> tuple[ZoneInfo, datetime]:
    """The zone of a company whose days are another zone's from a day on, and the moment of the change."""
    from_at = bounds(Period.DAY, day, ZoneInfo(new))[0]
    return zone_of(((LONG_AGO, ZoneInfo(old)), (from_at, ZoneInfo(new)))), from_at


def around(at: datetime) -> Iterator[datetime]:
    """Every half hour of the day and a half before and after a moment, and the instant before each."""
    at -= timedelta(hours=36)
    for _ in range(2 * 72):
        yield at - _ONE
        yield at
        at += timedelta(minutes=30)


days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
names = st.sampled_from(NAMES)
few = settings(max_examples=12)  # each looks at some hundred moments


@few
@given(names, names, days)
def test_every_moment_around_a_change_lies_in_exactly_one_window(
    old: str, new: str, day: date
) -> None:
    zone, from_at = changed(old, new, day)
    before = starts_on(Period.DAY, from_at - _ONE, ZoneInfo(old))
    assume(before in (day, day - timedelta(days=1)))  # others are refused
    for period in RUNNING:
        first, windows = first_day(period, day - timedelta(days=3)), []
        while first <= day + timedelta(days=3):
            windows.append(bounds(period, first, zone))
            first = following(period, first)
        assert all(a[1] == b[0] for a, b in pairwise(windows))
        assert all(start_at < end_at for start_at, end_at in windows)
        for at in around(from_at):
            start_at, end_at = bounds(period, starts_on(period, at, zone), zone)
            assert start_at <= at < end_at


@few
@given(names, names, days)
def test_before_a_change_every_day_is_as_it_was_and_after_it_the_new_zones(
    old: str, new: str, day: date
) -> None:
    zone, from_at = changed(old, new, day)
    for at in around(from_at):
        held = ZoneInfo(old) if at < from_at else ZoneInfo(new)
        assert starts_on(Period.DAY, at, zone) == starts_on(Period.DAY, at, held)
        assert at.astimezone(zone).replace(tzinfo=None) == at.astimezone(held).replace(tzinfo=None)


@given(names, names, days, st.integers(-60 * 24 * 2, 60 * 24 * 2))
def test_the_clock_shows_every_moment_so_that_it_can_be_read_back(
    old: str, new: str, day: date, minutes: int
) -> None:
    zone, from_at = changed(old, new, day)
    at = from_at + timedelta(minutes=minutes)
    shown = at.astimezone(zone)
    assert shown.astimezone(UTC) == at
    assert shown - timedelta() == shown
    assert shown.utcoffset() == shown.replace(tzinfo=None) - at.replace(tzinfo=None)


def test_going_west_the_day_of_the_change_is_longer_going_east_the_day_before_it_is_shorter() -> (
    None
):
    day = date(2026, 12, 1)
    west, _ = changed("Europe/Berlin", "America/New_York", day)
    start_at, end_at = bounds(Period.DAY, day, west)
    assert start_at == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert end_at - start_at == timedelta(hours=30)
    east, from_at = changed("America/New_York", "Europe/Berlin", day)
    start_at, end_at = bounds(Period.DAY, day - timedelta(days=1), east)
    assert (end_at - start_at, end_at) == (timedelta(hours=18), from_at)


def test_a_time_that_the_clock_left_out_or_showed_twice_is_read_as_with_any_zone() -> None:
    day = date(2026, 12, 1)
    east, from_at = changed("America/New_York", "Europe/Berlin", day)
    left_out = datetime(2026, 11, 30, 20, tzinfo=east)
    assert left_out.astimezone(UTC) == datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert left_out.replace(fold=1).astimezone(UTC) == datetime(2026, 11, 30, 19, tzinfo=UTC)
    west, from_at = changed("Europe/Berlin", "America/New_York", day)
    twice = datetime(2026, 12, 1, 3, tzinfo=west)
    assert twice.astimezone(UTC) < from_at <= twice.replace(fold=1).astimezone(UTC)
    assert (twice.tzname(), twice.replace(fold=1).tzname()) == ("CET", "EST")
    assert twice.dst() == timedelta()


def test_a_contest_keeps_the_one_zone_that_holds_when_it_is_made() -> None:
    zone, from_at = changed("Europe/Berlin", "America/New_York", date(2026, 12, 1))
    assert one_zone(zone, from_at - _ONE) is BERLIN
    assert one_zone(zone, from_at) is NEW_YORK
    assert one_zone(BERLIN, from_at) is BERLIN


async def test_sql_shows_the_same_clock_and_begins_the_same_days(connection: Any) -> None:
    changes = [
        ("Europe/Berlin", "America/New_York", date(2026, 12, 1)),
        ("America/New_York", "Europe/Berlin", date(2026, 12, 1)),
        ("America/Havana", "Asia/Kolkata", date(2026, 11, 2)),
        ("Europe/Berlin", "America/Havana", date(2026, 11, 1)),  # two midnights
        ("UTC", "Australia/Lord_Howe", date(2026, 10, 4)),
    ]
    for old, new, day in changes:
        zone, from_at = changed(old, new, day)
        moments = list(around(from_at))
        rows = await connection.fetch(
            "select at, fanfare_local(at, $2) as local from unnest($1::timestamptz[]) at",
            moments,
            spelled(zone),
        )
        for row in rows:
            assert row["local"] == row["at"].astimezone(zone).replace(tzinfo=None), (old, new)
        nearby = [day + timedelta(days=n) for n in range(-3, 4)]
        rows = await connection.fetch(
            "select day, fanfare_midnight(day, $2) as at from unnest($1::date[]) day",
            nearby,
            spelled(zone),
        )
        assert {row["day"]: row["at"] for row in rows} == {
            each: bounds(Period.DAY, each, zone)[0] for each in nearby
        }


# Setting it --------------------------------------------------------------------------------------

TOMORROW = starts_on(Period.DAY, NOW, BERLIN) + timedelta(days=1)


async def change(connection: Any, name: str, day: date = TOMORROW, now: datetime = NOW) -> Any:
    async with connection.transaction():
        return await set_zone(connection, ZoneInfo(name), day, setting=BERLIN, by=None, now=now)


async def test_the_settings_are_the_first_value_and_say_nothing_once_it_is_recorded(
    connection: Any,
) -> None:
    assert company_zone(BERLIN) is BERLIN
    assert await record_zone(connection, BERLIN, NOW)
    assert not await record_zone(connection, NEW_YORK, NOW)
    assert company_zone(NEW_YORK) is BERLIN


async def test_a_change_is_foreseen_in_words_before_it_is_set(connection: Any) -> None:
    foreseen = await foresee_zone(connection, NEW_YORK, TOMORROW, setting=BERLIN, now=NOW)
    assert (foreseen.day, foreseen.longer) == (TOMORROW, timedelta(hours=6))
    assert await zone_changes(connection) == []
    assert await change(connection, "America/New_York") == foreseen
    assert [one.zone for one in await zone_changes(connection)] == [BERLIN.key, NEW_YORK.key]


@pytest.mark.parametrize(
    ("name", "day", "field"),
    [
        ("Europe/Berlin", TOMORROW, "zone"),
        ("America/New_York", TOMORROW - timedelta(days=1), "first_day"),
        ("America/New_York", TOMORROW - timedelta(days=40), "first_day"),
    ],
)
async def test_what_would_move_something_earlier_is_refused(
    connection: Any, name: str, day: date, field: str
) -> None:
    with pytest.raises(ZoneRefused) as refused:
        await change(connection, name, day)
    assert refused.value.field == field
    assert await zone_changes(connection) == []


async def test_clocks_more_than_a_day_apart_are_refused(connection: Any) -> None:
    await record_zone(connection, ZoneInfo("Pacific/Kiritimati"), NOW)
    day = starts_on(Period.DAY, NOW, ZoneInfo("Pacific/Kiritimati")) + timedelta(days=2)
    with pytest.raises(ZoneRefused, match="more than a day apart"):
        await change(connection, "Etc/GMT+12", day)


async def test_one_change_at_a_time_and_it_can_be_taken_back_until_it_holds(
    connection: Any,
) -> None:
    foreseen = await change(connection, "America/New_York")
    with pytest.raises(ZoneRefused, match="Take it back first"):
        await change(connection, "Asia/Kolkata", TOMORROW + timedelta(days=5))
    pending = (await zone_changes(connection))[-1]
    with pytest.raises(ZoneRefused, match="holds already"):
        await take_back_zone(connection, pending.id, by=None, now=foreseen.from_at)
    await take_back_zone(connection, pending.id, by=None, now=NOW)
    await keep_zones(connection)
    assert company_zone(NEW_YORK) is BERLIN


async def test_nothing_counted_moves_and_what_follows_counts_by_the_new_days(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    before = [reply(f"r{n}", f"out{n}", "ana", "p1", 0) for n in range(3)]
    await tell(connection, *before)
    await work(connection)
    stood = await totals(connection)
    foreseen = await change(connection, "America/New_York")
    await work(connection)
    assert await totals(connection) == stood
    # Half an hour before New York's midnight: by Berlin's clock it is the next day already.
    late = foreseen.from_at + timedelta(hours=23, minutes=30)
    at = (late - hour(0)).total_seconds() / 3600
    await tell(
        connection, reply("r9", "out9", "ana", "p1", at), received_at=late + timedelta(hours=1)
    )
    await tell(connection, *before)
    await work(connection)
    zone = company_zone(ZONE)
    now_stands = await totals(connection)
    days = {key[2] for key in now_stands if key[1] == "day"}
    assert starts_on(Period.DAY, late, zone) == TOMORROW
    assert starts_on(Period.DAY, late, BERLIN) == TOMORROW + timedelta(days=1)
    assert TOMORROW in days
    assert TOMORROW + timedelta(days=1) not in days
    assert all(now_stands[key] == value for key, value in stood.items() if key[1] == "day")
    assert (await by_rule(connection))["answered"] == 20
    assert (await verify(connection, zone=ZONE)).differences == []


async def work(connection: Any) -> None:
    while (await score(connection, now=NOW, zone=ZONE)).changes:
        pass
