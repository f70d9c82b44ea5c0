"""A playlist that is changed while it plays: nothing is left out, nothing stands still."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screens.now import ordered
from app.screens.playlist import Playlist, Slide, following, played

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
KEYS = st.lists(st.sampled_from("abcdefghij"), unique=True, min_size=1)


def playlist(keys: str | list[str]) -> Playlist:
    return Playlist("One", tuple(Slide(key, "note") for key in keys))


def step(keys: list[str], shown: list[str]) -> str:
    """What is shown after what was shown, the newest first."""
    now = playlist(keys)
    return ordered(now, list(now.slides), ",".join(shown), onward=True)[0].key


@given(keys=KEYS)
def test_a_list_goes_round_in_its_order(keys: list[str]) -> None:
    shown: list[str] = []
    for _ in range(2 * len(keys)):
        shown.insert(0, step(keys, shown))
    assert shown[::-1] == keys * 2


@given(start=KEYS, data=st.data())
def test_every_slide_that_stays_is_shown_within_one_round_whatever_comes_and_goes(
    start: list[str], data: st.DataObject
) -> None:
    stays = data.draw(st.sampled_from(start))
    keys, shown, ever = list(start), list[str](), set(start)
    for _ in range(40):
        first = step(keys, shown)
        shown = [first, *(key for key in shown if key != first)][:12]
        if first == stays:
            return
        change = data.draw(st.sampled_from(["none", "remove", "add"]))
        others = [key for key in keys if key != stays]
        unused = sorted(set("abcdefghij") - ever)
        if change == "remove" and others:
            keys.remove(data.draw(st.sampled_from(others)))
        elif change == "add" and unused:
            new = data.draw(st.sampled_from(unused))
            keys.insert(data.draw(st.integers(0, len(keys))), new)
            ever.add(new)
        # One round: every slide that was ever there at most once before it.
        assert len(set(shown)) == len(shown) <= len(ever)
    raise AssertionError(f"{stays} was never shown")


@given(keys=KEYS, shown=st.text(max_size=40))
def test_whatever_a_screen_says_it_showed_every_slide_is_tried_once(
    keys: list[str], shown: str
) -> None:
    now = playlist(keys)
    for onward in (True, False):
        tried = ordered(now, list(now.slides), shown, onward=onward)
        assert sorted(slide.key for slide in tried) == sorted(keys)


def test_what_left_the_list_is_followed_by_what_stood_behind_the_one_before() -> None:
    assert step(list("abcd"), ["b"]) == "c"
    assert step(list("acd"), ["b", "a"]) == "c"
    assert step(list("ad"), ["b", "a"]) == "d"


def test_renewed_a_slide_stays_and_gone_the_next_one_comes() -> None:
    now = playlist("abc")
    assert ordered(now, list(now.slides), "b", onward=False)[0].key == "b"
    without = [slide for slide in now.slides if slide.key != "b"]
    assert ordered(now, without, "b", onward=False)[0].key == "c"


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("08:00", "10:00", [8, 9]),
        ("22:00", "02:00", [0, 1, 22, 23]),
        ("00:00", "00:00", []),
        (None, "06:00", [0, 1, 2, 3, 4, 5]),
        ("20:00", None, [20, 21, 22, 23]),
    ],
)
def test_a_slide_has_its_hours_also_over_midnight(
    since: str | None, until: str | None, hours: list[int]
) -> None:
    slide = Slide(
        "a",
        "note",
        since=time.fromisoformat(since) if since else None,
        until=time.fromisoformat(until) if until else None,
    )
    assert [hour for hour in range(24) if slide.is_for("", MONDAY.replace(hour=hour))] == hours


def test_a_slide_is_for_places_and_days() -> None:
    here = Playlist(
        "One", (Slide("a", "note", places=("Lisbon",), weekdays=(1,)), Slide("b", "note"))
    )
    assert [one.key for one in played(here, "lisbon", MONDAY)] == ["a", "b"]
    assert [one.key for one in played(here, "Berlin", MONDAY)] == ["b"]
    assert [one.key for one in played(here, "Lisbon", MONDAY.replace(day=17))] == ["b"]
    assert [one.key for one in following(here, played(here, "Berlin", MONDAY), "a")] == ["b"]
