"""Slides: what each kind shows whom, and that a wall never shows more of a person than they allow."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from app.database import opened
from app.screens.context import screen_context, theme
from app.screens.footer import Footer, footer
from app.screens.language import Language
from app.screens.playlist import STANDARD
from app.screens.setting import Setting
from app.screens.showing import Showing
from app.screens.slides import Content, MalformedSlide, Sight, SlideKind, slide_kinds
from app.settings import Settings
from rewards import Amount, finish_due, length, show_award
from rewards.contests.charter import Among, Prize, PrizeKind
from scoring import Boards, by_name
from scoring.facts import Engagement, Kind, Post
from tests.app.pages.company import Company
from tests.app.pages.contest_rows import Contests
from tests.app.screens import gallery
from tests.rewards.announcements import scene
from tests.rewards.life.world import first
from tests.scoring import company as network

Look = Callable[..., Awaitable[Content | None]]
Sights = Callable[..., Sight]
NAMES = (
    "Ana Lima",
    "Bea Berger",
    "Cem Kaya",
    "Dia Roy",
    "Eli Marx",
    "Fay Wong",
    "Gil Costa",
    "Hal Nye",
)


@pytest.fixture
async def sights(database_url: str, redis_url: str) -> AsyncIterator[Sights]:
    """Makes sights on this test's own stores."""
    settings = Settings(database_url=database_url, redis_url=redis_url, secret_key="s" * 32)
    async with opened(database_url, least=1, most=4) as pool, Redis.from_url(redis_url) as redis:
        boards = Boards(pool, redis, settings.timezone)

        def sight(
            audience: Any = "staff", language: str = "en", now: datetime | None = None
        ) -> Sight:
            now = now or datetime.now(UTC)
            return Sight(pool, redis, boards, settings, audience, Language(language), now)

        yield sight
        await boards.close()


@pytest.fixture
def look(sights: Sights) -> Look:
    """What a kind of slide shows."""

    async def made(
        kind: str, options: Mapping[str, str] | None = None, **seen: Any
    ) -> Content | None:
        return await slide_kinds()[kind].content(sights(**seen), options or {})

    return made


def html(content: Content | None, audience: Any = "staff", now: datetime = gallery.NOW) -> str:
    """A slide as the screen gets it."""
    assert content is not None
    showing = Showing("slide", "s", "1", content.describes, content=content)
    context = screen_context(
        gallery.SETTINGS, Language("en"), showing=showing, audience=audience, now=now,
        pictures="/pictures",
    )  # fmt: skip
    template = gallery.environment().get_template("screens/stage.html")
    return template.render(**context)


async def ranked(company: Company, **more: Any) -> list[int]:
    """Eight people with points, the best first."""
    return [
        await company.person(name, 100 - 10 * number, department="Marketing and sales", **more)
        for number, name in enumerate(NAMES)
    ]


# The kinds ----------------------------------------------------------------------------------------


def test_every_kind_is_found_by_its_file_and_the_standard_list_plays_only_such() -> None:
    kinds = slide_kinds()
    assert set(kinds) == {
        "board", "contests", "dates", "note", "picture", "reshares", "story", "winners",
    }  # fmt: skip
    assert {slide.kind for slide in STANDARD.slides} <= set(kinds)


def test_a_file_that_is_no_kind_of_slide_stops_the_start_with_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "odd_slides"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "empty.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MalformedSlide, match=r"odd_slides/empty\.py has no SLIDE"):
        by_name("odd_slides", [str(package)], SlideKind, word="slide", malformed=MalformedSlide)
    sys.modules.pop("odd_slides", None)


def test_an_example_sets_only_options_that_there_are() -> None:
    async def nothing(_: Sight, __: Mapping[str, str]) -> Content | None:
        return None

    with pytest.raises(MalformedSlide, match="no option: metric"):
        SlideKind("odd", "Odd", "Odd.", nothing, example={"metric": "points"})


ODD = {
    "metric": "x' or 1", "period": "never", "audience": "department-99999999999", "picture": "-1",
    "post": "no", "contest": "none", "leaders": "maybe",
}  # fmt: skip


async def test_in_an_empty_company_and_with_any_options_nothing_breaks(look: Look) -> None:
    for kind in slide_kinds():
        for options in ({}, ODD):
            assert await look(kind, options) is None, kind


async def test_every_option_has_choices_or_a_bound(sights: Sights) -> None:
    for kind in slide_kinds().values():
        for option in kind.options:
            if option.choices is None:
                assert option.most, option
            else:
                values = [value for value, _ in await option.choices(sights())]
                assert len(values) == len(set(values))
                assert kind.example.get(option.name, "") in ("", *values)


# Boards -------------------------------------------------------------------------------------------


async def test_a_board_shows_the_upper_half_and_never_its_bottom(
    company: Company, look: Look
) -> None:
    await ranked(company)
    shown = await look("board", {"metric": "points", "period": "week"})
    assert shown is not None
    assert [row.who.name for row in shown.data["rows"]] == list(NAMES[:4])
    assert shown.topics[0].startswith("points:week:")
    assert "Marketing and sales" in html(shown)


async def test_ranks_are_shared(company: Company, look: Look) -> None:
    for name, points in zip(NAMES, (90, 80, 80, 70, 10, 9, 8, 7), strict=True):
        await company.person(name, points)
    shown = await look("board")
    assert shown is not None
    assert [row.rank for row in shown.data["rows"]] == [1, 2, 2, 4]


async def test_a_ranking_of_very_few_is_not_shown(company: Company, look: Look) -> None:
    for name in NAMES[:4]:
        await company.person(name, 10)
    assert await look("board") is None


async def test_before_the_public_a_board_has_first_names_and_no_department(
    company: Company, look: Look
) -> None:
    people = await ranked(company)
    await company.connection.execute(
        "update profile set visibility = 'alias', alias = 'Kestrel' where person_id = $1", people[1]
    )
    shown = html(await look("board", audience="public"), "public")
    assert "Ana" in shown
    assert "Kestrel" in shown
    for word in ("Lima", "Bea", "Kaya", "Marketing"):
        assert word not in shown
    team = await company.team("department", "Marketing and sales")
    for audience in (f"department-{team}", "departments"):
        assert await look("board", {"audience": audience}, audience="public") is None
        assert await look("board", {"audience": audience}) is not None


async def test_who_hides_is_on_no_wall(company: Company, look: Look) -> None:
    people = await ranked(company)
    await company.connection.execute(
        "update profile set visibility = 'hidden' where person_id = $1", people[0]
    )
    assert "Ana" not in html(await look("board"))


async def test_departments_stand_by_what_their_people_have_on_average(
    company: Company, look: Look
) -> None:
    for number, name in enumerate(NAMES):
        await company.person(name, 30, department="Sales" if number < 5 else "Care")
    shown = await look("board", {"audience": "departments"}, language="de")
    assert shown is not None
    assert [(row.who.name, row.value, row.members) for row in shown.data["rows"]] == [
        ("Care", "30", 3), ("Sales", "30", 5),
    ]  # fmt: skip
    assert shown.data["among"] == "Abteilungen"


# Contests, dates, the foot ------------------------------------------------------------------------


async def test_the_contest_that_ends_first_stands_first_with_its_prize_in_the_language(
    company: Company, look: Look
) -> None:
    contests = Contests(company, await company.person("Ina Nyberg", role="hr"))
    days = Prize(1, PrizeKind.DAYS, Among.EACH, (Amount(4),), first_place=1, last_place=1)
    await contests.contest("long-one", lasts=timedelta(days=60))
    await contests.contest("short-one", prizes=(days,))
    await contests.contest("over", starts_in=timedelta(days=-20), lasts=timedelta(days=5))
    shown = await look("contests", language="de")
    assert shown is not None
    assert [one.name for one in shown.data["running"]] == ["Short one", "Long one"]
    assert shown.data["running"][0].prize == "2 Urlaubstage"
    assert len(shown.topics) == 2
    assert "Ends in <b" in html(shown, now=datetime.now(UTC))


async def test_who_is_in_front_is_told_to_staff_by_first_name_and_only_where_enough_are_ranked(
    company: Company, look: Look
) -> None:
    contests = Contests(company, await company.person("Ina Nyberg", role="hr"))
    people = await ranked(company)
    await contests.contest("starters", values={one: 50 - n for n, one in enumerate(people)})
    few = dict.fromkeys(people[:4], 9)
    await contests.contest("few", values=few, lasts=timedelta(days=50))
    leaders = {"leaders": "yes"}
    shown = await look("contests", leaders)
    assert shown is not None
    assert [one.leaders for one in shown.data["running"]] == ["Ana, Bea and Cem", None]
    for content in (await look("contests"), await look("contests", leaders, audience="public")):
        assert content is not None
        assert {one.leaders for one in content.data["running"]} == {None}


async def test_what_comes_next_is_in_the_order_of_time(company: Company, look: Look) -> None:
    contests = Contests(company, await company.person("Ina Nyberg", role="hr"))
    await contests.contest("later", starts_in=timedelta(days=3), lasts=timedelta(days=30))
    await contests.contest("running")
    shown = await look("dates")
    assert shown is not None
    assert [one.words for one in shown.data["dates"]] == [
        "Later starts", "Running ends", "Later ends",
    ]  # fmt: skip


async def test_at_the_foot_stands_what_ends_next_but_not_what_the_picture_is_about(
    company: Company, connection: asyncpg.Connection
) -> None:
    contests = Contests(company, await company.person("Ina Nyberg", role="hr"))
    await contests.contest("starters")
    await contests.contest("voices", lasts=timedelta(days=40), metric="followers")
    now = datetime.now(UTC)
    assert (await footer(connection, now)).contest == "Starters"
    other = await footer(connection, now, besides="starters")
    assert (other.contest, other.metric) == ("Voices", "followers")
    assert await footer(connection, now + timedelta(days=90)) == Footer()


# Winners ------------------------------------------------------------------------------------------


async def test_winners_are_there_when_the_reveal_is_over_each_as_they_allow(
    connection: asyncpg.Connection, look: Look
) -> None:
    await scene.company(connection)
    won = await scene.contest(connection, prizes=(first(last=3),))
    award = await scene.award_of(connection, scene.A1, 1)
    await show_award(connection, award, by=scene.A1, name="name", prize=True, now=scene.NOW)
    made = await scene.planned(connection, won)
    over = scene.NOW + length(made.plan) + timedelta(seconds=1)
    assert await look("winners", now=over) is None
    await finish_due(connection, over)
    shown = await look("winners", now=over)
    assert shown is not None
    first_place, *others = shown.data["podium"].places
    assert first_place.named.gift is not None
    assert all(one.named.nameless and one.value is None for one in others)
    public = html(await look("winners", now=over, audience="public"), "public")
    assert 'class="z"' not in public
    assert await look("winners", now=over + timedelta(days=31)) is None
    assert await look("winners", {"contest": made.slug}, now=over + timedelta(days=31)) is not None


# What people wrote --------------------------------------------------------------------------------

RUN = Post("p1", "e1", network.hours(0), text="My charity run", url="https://x.example/p1")
WALK = Post("p2", "e2", network.hours(0), text="Our walk by the sea", url="https://x.example/p2")
RESHARES = [
    Engagement(Kind.QUOTE, "q1", "co", "e1", post="p1", occurred_at=network.hours(5)),
    Engagement(Kind.QUOTE, "q2", "co", "e2", post="p2", occurred_at=network.hours(6)),
]


@pytest.fixture
async def written(connection: asyncpg.Connection) -> list[int]:
    """Ana's and Bea's posts, reshared by the company; Bea goes by an alias."""
    people = await network.found(connection)
    for person, name in zip(people, NAMES, strict=False):
        await connection.execute(
            """insert into profile (person_id, email, name, visibility, opens_networks, opens_mix,
                 opens_gain) values ($1, $2, $3, 'name', false, false, false)""",
            person, f"{person}@example.org", name,
        )  # fmt: skip
    await connection.execute(
        "update profile set visibility = 'alias', alias = 'Kestrel' where person_id = $1", people[1]
    )
    await network.tell(connection, [RUN, WALK, *RESHARES])
    await network.settle(connection)
    return people


async def test_who_goes_by_an_alias_is_nobody_beside_a_post_and_the_post_is_not_there(
    written: list[int], look: Look
) -> None:
    shown = html(await look("reshares", now=network.NOW))
    assert "Ana Lima" in shown
    assert "My charity run" in shown
    for word in ("Bea", "Kestrel", "walk"):
        assert word not in shown
    assert "A colleague" in shown


async def test_a_colleagues_post_is_there_only_while_its_author_is_shown_by_name(
    written: list[int], look: Look, connection: asyncpg.Connection
) -> None:
    shown = await look("story", now=network.NOW)
    assert shown is not None
    assert (shown.data["story"].who.name, shown.data["story"].text) == (
        "Ana Lima",
        "My charity run",
    )
    # What the administrator's list keeps of it names nobody.
    assert "Ana" not in shown.describes
    public = html(await look("story", now=network.NOW, audience="public"), "public")
    assert "Lima" not in public
    assert "My charity run" in public
    await connection.execute(
        "update profile set visibility = 'hidden' where person_id = $1", written[0]
    )
    assert await look("story", now=network.NOW) is None
    assert await look("reshares", now=network.NOW) is None


async def test_the_administrator_may_pick_a_post(
    written: list[int], look: Look, sights: Sights
) -> None:
    (option,) = slide_kinds()["story"].options
    assert option.choices is not None
    offered = await option.choices(sights(now=network.NOW))
    assert [words for _, words in offered] == ["The newest", "Ana Lima: My charity run"]
    assert await look("story", {"post": offered[1][0]}, now=network.NOW) is not None


# Notes and pictures -------------------------------------------------------------------------------


async def test_a_note_is_text_and_nothing_else(look: Look) -> None:
    shown = html(
        await look("note", {"heading": "<b>Big</b>", "text": "one\n\n  two  \n" + "x" * 5000})
    )
    assert "&lt;b&gt;Big&lt;/b&gt;" in shown
    assert '<p dir="auto">two</p>' in shown
    assert "x" * 400 not in shown
    assert await look("note", {"heading": "  ", "text": " \n "}) is None


async def test_a_picture_of_the_company_has_its_own_address_below_the_screens(
    look: Look, connection: asyncpg.Connection
) -> None:
    id = await connection.fetchval(
        """insert into screen_picture (name, media_type, width, height, body, recorded_at)
           values ('hall', 'image/png', 10, 10, 'x', now()) returning id"""
    )
    shown = html(await look("picture", {"picture": str(id), "caption": "The new hall"}))
    assert f'src="/pictures/{id}"' in shown
    assert "The new hall" in shown
    assert await look("picture", {"picture": str(id + 1)}) is None


# Light by day -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hour", "seen"), [(6, "dark"), (7, "day"), (18, "day"), (19, "dark")])
def test_a_light_screen_is_light_by_day_only(hour: int, seen: str) -> None:
    local = gallery.NOW.replace(hour=hour)
    assert theme(Setting("Canteen", look="day"), local) == seen
    assert theme(Setting("Canteen"), local) == "dark"
