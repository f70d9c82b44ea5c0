"""The list of screens: what is heard of them, and two thousand of them. Concerns of a playlist."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from time import process_time

from litestar import Litestar
from redis.asyncio import Redis

from app.pages.screen_admin.concerns import concerns, length
from app.pages.screen_admin.lines import places_of, places_words, sent
from app.pages.screen_admin.listed import A_PAGE, heard, listed
from app.pages.screens.television import page_of
from app.screens.contact import Contact, note_contact
from app.screens.playlist import MOST_SLIDES, STANDARD, Playlist, Slide
from app.screens.screens import Screen
from tests.app.pages.screen_admin.conftest import Desk, setting

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def contact(screen: Screen, ago: timedelta = timedelta(seconds=12)) -> Contact:
    return Contact(
        datetime.now(UTC) - ago, "Points this week, 8 people", "week", 1920, 1080, "Chromium",
        page_of(screen),
    )  # fmt: skip


async def test_what_a_screen_shows_and_when_it_was_heard_of_stands_in_its_row(desk: Desk) -> None:
    await desk.screen(name="Canteen")
    await desk.screen(name="Foyer")
    await desk.screen(name="Lab")
    canteen, foyer, _ = await desk.screens()
    await note_contact(desk.redis, canteen.id, contact(canteen))
    await note_contact(desk.redis, foyer.id, contact(foyer, timedelta(hours=5)))
    html = await desk.page("/admin/screens")
    assert "3 screens, <b>2 silent</b>" in html
    for words in ("12 s ago", "Points this week, 8 people", "1920 × 1080", "newest version"):
        assert words in html
    assert "not since" in html
    assert "not yet" in html
    part = await desk.browser.get(
        "/admin/screens?show=silent", headers={"HX-Request": "true", "HX-Target": "screens-list"}
    )
    assert part.text.lstrip().startswith('<div id="screens-list"')
    assert "Foyer" in part.text
    assert "Canteen" not in part.text
    await desk.send(f"/admin/screens/{canteen.id}/reload")
    assert "an older version" in await desk.page("/admin/screens")


async def test_with_redis_away_the_pages_stand_and_after_a_flush_nobody_is_told_to_pair_anew(
    desk: Desk, application: Litestar
) -> None:
    screen = await desk.screen()
    pages = ("/admin/screens", f"/admin/screens/{screen}")
    for path in pages:
        html = await desk.page(path)
        assert "not yet" in html
        assert "need not be paired again" in html
    application.state.redis = Redis.from_url("redis://127.0.0.1:1/0")
    for path in pages:
        html = await desk.page(path)
        assert "not known at the moment" in html
        assert "silent" not in html
        assert "all heard of" not in html
    await application.state.redis.aclose()


def test_two_thousand_screens_are_pages_of_50_that_can_be_looked_through() -> None:
    screens = [
        Screen(id, setting(name=f"Screen {id}", place=f"Floor {id % 40}"), NOW, False, 0, "1")
        for id in range(1, 2001)
    ]
    contacts = {
        one.id: Contact(NOW, "", "", 0, 0, "", page_of(one)) for one in screens if one.id % 100
    }
    first = listed(screens, {}, contacts, now=NOW)
    assert (len(first.rows), first.count, first.silent, first.later) == (A_PAGE, 2000, 20, 2)
    last = listed(screens, {}, contacts, number=999, now=NOW)
    assert (last.number, last.first, last.last, last.later) == (40, 1951, 2000, 0)
    assert listed(screens, {}, contacts, query="floor 39", now=NOW).found == 50
    silent = listed(screens, {}, contacts, only_silent=True, now=NOW)
    assert silent.found == 20
    assert all(row.silent for row in silent.rows)
    assert listed([], {}, {}, query="x", now=NOW).rows == ()


def test_how_long_ago_is_said_in_one_unit() -> None:
    said = [heard(timedelta(seconds=s)) for s in (-3, 12, 75, 3 * 3600, 3 * 86400)]
    assert said == ["just now", "12 s ago", "1 min ago", "3 h ago", "3 days ago"]


def test_an_hour_that_nobody_filled_is_told_by_place() -> None:
    slides = (
        Slide("a", "note", places=("Lisbon",), weekdays=(1, 2, 3, 4, 5)),
        Slide("b", "note", since=time(8), until=time(18)),
    )
    screens = [
        setting(place="lisbon", rests_from=time(20), rests_until=time(6)),
        setting(place="Porto"),
    ]
    found = concerns(Playlist("Own", slides), screens, ["Lisbon", "Porto"])
    assert found == [
        "Where no slide names the place there is no slide every day from midnight to 08:00; "
        "every day from 18:00 to midnight.",
        "At “lisbon” there is no slide Sat, Sun from 06:00 to 08:00; Sat, Sun from 18:00 to 20:00.",
    ]


def test_nothing_speaks_against_the_standard_list() -> None:
    assert concerns(STANDARD, [setting(), setting(place="Lisbon")], ["Lisbon"]) == []


def test_a_long_round_and_a_place_without_screen_are_told() -> None:
    slides = (
        *(Slide(f"n{number}", "note", seconds=600) for number in range(2)),
        Slide("x", "note", places=("Lisbn",)),
    )
    found = concerns(Playlist("Long", slides), [setting()], ["Lisbon"])
    assert any("One round takes 20 min" in words for words in found)
    assert any("Slide 3 is for “Lisbn”" in words for words in found)
    assert "no slide yet" in concerns(Playlist("Empty"), [])[0]
    assert [length(s) for s in (45, 60, 130)] == ["45 s", "1 min", "2 min 10 s"]


def test_a_comma_in_a_known_place_does_not_divide_it() -> None:
    known = ["Lisbon, 2nd floor", "Porto"]
    assert places_of("lisbon, 2nd floor, Porto,, porto ; Berlin", known) == (
        "Lisbon, 2nd floor", "Porto", "Berlin",
    )  # fmt: skip
    for places in (("Lisbon", "Porto"), ("Lisbon, 2nd floor", "Porto"), ()):
        assert places_of(places_words(places), known) == places


def test_a_field_full_of_commas_and_a_form_full_of_slides_hold_nobody_up() -> None:
    begun = process_time()
    assert places_of("a," * 1_600, ["Lisbon, 2nd floor"]) == ("a",)
    typed, _ = sent(("slide", f"k{number}") for number in range(50_000))
    assert MOST_SLIDES < len(typed.order) < 200
    assert process_time() - begun < 1
