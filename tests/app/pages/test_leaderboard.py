"""What the leaderboard shows to whom."""

from __future__ import annotations

import re
from html import unescape

import pytest
from httpx import AsyncClient

from tests.app.pages.company import Company
from tests.app.pages.conftest import As


async def ten(company: Company, **more: object) -> list[int]:
    """Ten people with 100, 95, … 55 points, called Ada 0 to Ada 9."""
    return [await company.person(f"Ada {n}", 100 - 5 * n) for n in range(10)]


def rows(html: str) -> list[tuple[int, str, int]]:
    """Rank, name and points of every row of a page, in order."""
    found = []
    for row in re.findall(r'<tr id="r-.*?</tr>', html, re.S):
        rank = re.search(r'rank num">(\d+)', row)
        name = re.search(r"<bdi[^>]*>(.*?)</bdi></b>", row)
        points = re.search(r'pts num">([\d,.]+)', row)
        assert rank
        assert name
        assert points
        value = int(float(points[1].replace(",", "")))
        found.append((int(rank[1]), unescape(name[1]), value))
    return found


def own_row(html: str) -> str:
    """The row that is marked as one's own."""
    found = [row for row in re.findall(r"<tr id=.*?</tr>", html, re.S) if "aria-current" in row]
    assert len(found) == 1, found
    return found[0]


async def shown(client: AsyncClient, path: str = "/") -> str:
    """A page that must be there."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_nobody_without_a_session_sees_a_board_page() -> None:
    """Kept by `test_a_visitor_is_sent_to_sign_in`; here the shape of the reader's key."""
    from datetime import UTC, datetime, timedelta

    from app.pages.leaderboard.reader import may_read, reader_key

    now = datetime(2026, 11, 22, tzinfo=UTC)
    key = reader_key("secret", now)
    assert may_read("secret", key, now)
    assert may_read("secret", key, now + timedelta(days=1))
    assert not may_read("secret", key, now + timedelta(days=2))
    assert not may_read("another", key, now)
    assert not may_read("secret", "", now)


async def test_a_visitor_is_sent_to_sign_in(visitor: AsyncClient, company: Company) -> None:
    for path in ("/", "/why", "/points", "/give-and-take"):
        answer = await visitor.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


async def test_equal_points_share_a_rank_and_the_next_rank_is_skipped(
    company: Company, signed_in: As
) -> None:
    people = [await company.person(f"P{n}", v) for n, v in enumerate([50, 40, 40, 30, 20, 10])]
    page = await shown(await signed_in(people[0]))
    assert [rank for rank, _, _ in rows(page)] == [1, 2, 2]


async def test_a_list_ends_at_its_middle_and_shows_no_bottom(
    company: Company, signed_in: As
) -> None:
    people = await ten(company)
    page = await shown(await signed_in(people[0]), "/?rows=500")
    assert [name for _, name, _ in rows(page)] == [f"Ada {n}" for n in range(5)]


async def test_below_the_median_nobody_beneath_oneself_is_shown(
    company: Company, signed_in: As
) -> None:
    people = await ten(company)
    page = await shown(await signed_in(people[7]))
    names = [name for _, name, _ in rows(page)]
    assert names == [f"Ada {n}" for n in range(8)]
    assert "Ada 7" in own_row(page)


async def test_names_that_are_markup_or_right_to_left_stay_text(
    company: Company, signed_in: As
) -> None:
    names = ["<script>alert(1)</script>", "مريم الخطيب", "🎉", "A" * 200, 'O\'Neil & "Co"', "b"]
    people = [await company.person(name, 60 - n) for n, name in enumerate(names)]
    page = await shown(await signed_in(people[0]))
    assert [name for _, name, _ in rows(page)] == names[:3]
    assert "<script>alert" not in page


async def test_hidden_people_are_nowhere_and_see_a_private_rank(
    company: Company, signed_in: As
) -> None:
    people = await ten(company)
    hidden = await company.person("Helga Hidden", 99, visibility="hidden")
    others = await shown(await signed_in(people[0]))
    assert "Helga" not in others
    page = await shown(await signed_in(hidden))
    assert "You are" in page
    assert "2nd" in page
    assert "only you see this" in page
    assert "Helga Hidden" in own_row(page)


@pytest.mark.parametrize("state", ["paused", "left"])
async def test_who_pauses_or_leaves_is_not_on_the_board(
    company: Company, signed_in: As, state: str
) -> None:
    people = await ten(company)
    await company.person("Paula", 98, state=state)
    assert "Paula" not in await shown(await signed_in(people[0]))


async def test_an_alias_stays_an_alias(company: Company, signed_in: As) -> None:
    people = await ten(company)
    await company.person("Alice Real", 98, alias="Night Owl", networks=("mastodon",))
    client = await signed_in(people[0])
    page = await shown(client)
    assert "Night Owl" in page
    assert "Alice" not in page
    assert "Night Owl" in await shown(client, "/?q=night")
    assert "Alice" not in (await shown(client, "/?q=alice")).replace('value="alice"', "")


async def test_networks_mix_and_gain_are_seen_only_of_those_who_opened_them(
    company: Company, signed_in: As
) -> None:
    people = await ten(company)
    await company.person("Closed Carl", 99, today=7, networks=("mastodon",))
    opened = await company.person(
        "Open Olga", 98, today=8, networks=("mastodon",), opens=("networks", "gain")
    )
    page = await shown(await signed_in(people[0]))
    row = re.compile(r"(<tr id=.*?<bdi[^>]*>(.*?)</bdi></b>.*?</tr>)", re.S)
    by_name = {name: html for html, name in row.findall(page)}
    assert "Mastodon" not in by_name["Closed Carl"]
    assert "+7" not in by_name["Closed Carl"]
    assert "Mastodon" in by_name["Open Olga"]
    assert "+8" in by_name["Open Olga"]
    assert "Open Olga" in own_row(await shown(await signed_in(opened)))


async def test_losses_of_others_are_not_shown_and_own_ones_are(
    company: Company, signed_in: As
) -> None:
    people = await ten(company)
    # At midnight Ada 1 stood before Ria, who has gained 30 today.
    await company.person("Ria", 99, today=30)
    page = await shown(await signed_in(people[0]))
    assert "up</span>" in page
    assert "places down" not in page.split('class="youbar"')[0]
    assert "place down" not in page.split('class="youbar"')[0]
    own = await shown(await signed_in(people[1]))
    assert "▼ 1" in own.split('class="youbar"')[1]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "leaderboard"),
        ("?period=day", "Today’s leaderboard"),
        ("?period=week", "This week’s leaderboard"),
        ("?period=season", "leaderboard"),
        ("?period=all", "All-time leaderboard"),
        ("?period=all&metric=shared", "All-time leaderboard"),
        ("?audience=departments", "leaderboard"),
        ("?audience=offices&period=all", "All-time leaderboard"),
    ],
)
async def test_every_choice_has_an_address_that_needs_no_script(
    company: Company, signed_in: As, query: str, title: str
) -> None:
    for n in range(6):
        await company.person(f"P{n}", 10 + n, today=5, shared=n + 1)
    person = await company.person("Me", 9, today=1, shared=1)
    page = await shown(await signed_in(person), f"/{query}")
    assert title in re.findall(r"<h1[^>]*>(.*?)</h1>", page)[0]
    links = re.findall(r'<a id="(?:period|metric)-[^"]*" href="([^"]*)" hx-get="([^"]*)"', page)
    assert len(links) >= 7
    assert all(href == fetched for href, fetched in links)


@pytest.mark.parametrize(
    "query",
    [
        "?period=century&metric=likes&audience=planet-9",
        "?rows=99999999999&on=2026-99-99",
        "?rows=-1&on=1066-10-14",
        "?audience=department-999999&q=%25%5C_%00",
        "?audience=office-0",
        "?q=" + "x" * 5000,
        "?on=9999-12-31&period=season",
    ],
)
async def test_an_address_that_cannot_be_is_still_a_page(
    company: Company, signed_in: As, query: str
) -> None:
    people = await ten(company)
    assert "leaderboard" in await shown(await signed_in(people[0]), f"/{query}")


async def test_an_audience_ranks_its_own_people_only(company: Company, signed_in: As) -> None:
    people = await ten(company)
    for n in range(6):
        await company.person(f"Fin {n}", 200 + n, department="Finance")
    finance = await company.team("department", "Finance")
    page = await shown(await signed_in(people[0]), f"/?audience=department-{finance}")
    assert [name for _, name, _ in rows(page)] == ["Fin 5", "Fin 4", "Fin 3"]


async def test_teams_stand_by_the_mean_of_their_members(company: Company, signed_in: As) -> None:
    people = await ten(company)
    for n in range(3):
        await company.person(f"Fin {n}", 90, department="Finance")
    await company.person("Alone", 1000, department="Tiny")
    page = await shown(await signed_in(people[0]), "/?audience=departments")
    assert rows(page) == [(1, "Finance", 90), (2, "Research", 77)]
    assert "Research" in own_row(page)


async def test_search_finds_by_the_name_shown_and_marks_the_row(
    company: Company, signed_in: As
) -> None:
    people = [await company.person(f"Ada {n}", 100 - n) for n in range(40)]
    page = await shown(await signed_in(people[0]), "/?q=ada+17")
    assert "found" in next(row for row in page.split("<tr ") if "Ada 17<" in row)
    assert {"Ada 16", "Ada 17", "Ada 18"} <= {name for _, name, _ in rows(page)}
    assert 'value="ada 17"' in page


async def test_search_answers_alike_for_nobody_the_hidden_and_those_beneath(
    company: Company, signed_in: As
) -> None:
    people = await ten(company)
    await company.person("Helga Hidden", 99, visibility="hidden")
    await company.person("Una Unranked", 0)
    client = await signed_in(people[6])
    for name in ("helga", "una", "ada 9", "nobody", "%"):
        page = await shown(client, f"/?q={name.replace(' ', '+').replace('%', '%25')}")
        assert f"Nobody called “{name}” is shown here" in page
        assert len(rows(page)) == 7


async def test_with_fewer_than_five_there_is_no_ranking(company: Company, signed_in: As) -> None:
    people = [await company.person(f"P{n}", 10 + n) for n in range(4)]
    page = await shown(await signed_in(people[2]))
    assert rows(page) == []
    assert "P3" not in page
    assert '<b class="num">12</b>' in page
    assert '<b class="num">46</b>' in page
    assert page.split('class="next"')[1].split("</ul>")[0].count("<li>") == 3


async def test_a_board_above_a_thousand_opens_around_the_viewer() -> None:
    from app.pages.leaderboard.beneath import neighbours
    from app.pages.leaderboard.kindness import listed

    assert listed(1_001, 0) == 3
    assert neighbours(1_001) == 5
    assert listed(1_000, 0) == 10
    assert listed(1_001, 50) == 50


async def test_htmx_gets_the_block_it_asks_for_and_a_browser_the_page(
    company: Company, signed_in: As
) -> None:
    people = await ten(company)
    client = await signed_in(people[0])
    whole = await shown(client, "/?period=all")
    assert whole.lstrip().startswith("<!doctype html>")
    for target in ("leaderboard", "own-line", "wall"):
        headers = {"hx-request": "true", "hx-target": target}
        part = await client.get("/?period=all", headers=headers)
        assert part.status_code == 200
        assert "<!doctype" not in part.text
        assert f'id="{target}"' in part.text
    part = await client.get("/", headers={"hx-request": "true", "hx-target": "leaderboard"})
    assert part.text.count('id="own-line"') == 1
    assert 'hx-swap-oob="true"' in part.text


async def test_one_page_never_holds_an_id_twice(company: Company, signed_in: As) -> None:
    people = [await company.person(f"Ada {n}", 100 - n) for n in range(30)]
    for query in ("", "?q=ada", "?rows=50", "?audience=departments"):
        ids = re.findall(r'\sid="([^"]+)"', await shown(await signed_in(people[14]), f"/{query}"))
        assert len(ids) == len(set(ids))
