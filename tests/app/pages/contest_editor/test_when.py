"""A contest's length in words, across changes of the clock."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.pages.contest_editor.when import when

BERLIN = ZoneInfo("Europe/Berlin")


def form(start: str, end: str) -> dict[str, str]:
    """The fields of a stretch: '2026-12-01 09:00'."""
    (start_on, start_time), (end_on, end_time) = start.split(), end.split()
    return {
        "start_on": start_on,
        "start_time": start_time,
        "end_on": end_on,
        "end_time": end_time,
    }


def test_the_length_is_said_beside_the_zone() -> None:
    words = when(form("2026-12-01 09:00", "2026-12-21 17:00"), BERLIN)
    assert words == "Europe/Berlin · 20 days 8 hours"


def test_a_contest_across_the_spring_change_is_an_hour_shorter_and_says_so() -> None:
    words = when(form("2027-03-27 12:00", "2027-03-29 12:00"), BERLIN)
    assert "1 day 23 hours" in words
    assert "forward an hour on 28 March" in words


def test_a_contest_across_the_autumn_change_is_an_hour_longer_and_says_so() -> None:
    words = when(form("2026-10-24 12:00", "2026-10-26 12:00"), BERLIN)
    assert "2 days 1 hour" in words
    assert "back an hour on 25 October" in words


def test_a_zone_that_changes_by_half_an_hour_is_said_as_such() -> None:
    words = when(form("2026-10-03 12:00", "2026-10-05 12:00"), ZoneInfo("Australia/Lord_Howe"))
    assert "forward half an hour on 4 October" in words


def test_dates_that_are_none_or_the_wrong_way_round_leave_only_the_zone() -> None:
    assert when({}, BERLIN) == "Europe/Berlin"
    assert when(form("2026-12-21 17:00", "2026-12-01 09:00"), BERLIN) == "Europe/Berlin"
    assert when(form("9999-12-31 23:59", "0001-01-01 00:00"), BERLIN) == "Europe/Berlin"
    assert when(form("tomorrow 9", "later 9"), BERLIN) == "Europe/Berlin"
