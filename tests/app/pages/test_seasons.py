"""Named seasons on pages: HR sets them, the leaderboard says their name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import asyncpg
import pytest

from app.pages.seasons import limits_of
from scoring import default_rulebook_toml, follow
from tests.app.pages.company import ZONE, Company
from tests.app.pages.conftest import As
from tests.rewards.life.world import charter, praise, published


@pytest.fixture(autouse=True)
def _no_season_is_left() -> Iterator[None]:
    yield
    follow(())


async def test_hr_sets_a_season_and_what_is_wrong_stands_beside_its_field(
    company: Company, signed_in: As
) -> None:
    client = await signed_in(await company.person("Hanna", role="hr"))
    token = re.search(r'name="_csrf_token" value="([^"]+)"', (await client.get("/hr/seasons")).text)
    assert token
    today = company.now.astimezone(ZONE).date()
    form = {"_csrf_token": token[1], "name": "Big thaw", "first": f"{today}", "last": f"{today}"}
    answer = await client.post("/hr/seasons", data=form)
    assert answer.status_code == 422
    assert "tomorrow at the earliest" in answer.text
    form |= {"first": f"{today + timedelta(days=2)}", "last": f"{today + timedelta(days=60)}"}
    assert (await client.post("/hr/seasons", data=form)).status_code == 303
    page = (await client.get("/hr/seasons")).text
    assert "Big thaw" in page
    assert "to come" in page
    assert (await client.post("/hr/seasons/1/remove", data=form)).status_code == 303
    assert "Big thaw" not in (await client.get("/hr/seasons")).text
    for nothing in (f"{2**70}/end", "1/burn"):  # what does nothing does not say it did
        assert (await client.post(f"/hr/seasons/{nothing}", data=form)).status_code == 404


async def test_the_leaderboard_goes_by_the_name_of_the_season(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    today = company.now.astimezone(ZONE).date()
    first = today - timedelta(days=3)
    await connection.execute(
        "insert into season (name, starts_on, ends_on, recorded_at) values ('Sprint', $1, $2, $3)",
        first,
        today + timedelta(days=9),
        company.now,
    )
    people = [await company.person(f"Ada {n}") for n in range(6)]
    for n, person in enumerate(people):
        await connection.execute(
            "insert into total values ('points', 'season', $1, $2, $3, 1)", first, person, 50 - n
        )
    page = (await (await signed_in(people[0])).get("/?period=season")).text
    assert "Sprint leaderboard" in page
    assert re.search(r'id="period-season"[^>]*>Sprint<', page)
    assert "Ada 2" in page


async def test_no_season_changes_while_a_published_contest_counts_by_seasons(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    client = await signed_in(await company.person("Hanna", role="hr"))
    by_season = default_rulebook_toml().replace('per    = "week"', 'per    = "season"', 1)
    terms = charter(metric="points", rulebook=by_season, prizes=(praise(1),))
    await published(connection, terms)
    token = re.search(r'name="_csrf_token" value="([^"]+)"', (await client.get("/hr/seasons")).text)
    assert token
    today = company.now.astimezone(ZONE).date()
    form = {
        "_csrf_token": token[1], "name": "Big thaw",
        "first": f"{today + timedelta(days=2)}", "last": f"{today + timedelta(days=60)}",
    }  # fmt: skip
    answer = await client.post("/hr/seasons", data=form)
    assert answer.status_code == 422
    assert "seasons stand still until then" in answer.text
    assert await connection.fetchval("select count(*) from season") == 0


@pytest.mark.parametrize(
    ("typed", "limits"),
    [
        ("500 5,000", [500, 5000]),
        ("500, 5000", [500, 5000]),
        ("500,5000", [500, 5000]),
        ("500; 5.000; 1,000,000", [500, 5000, 1_000_000]),
        ("", []),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, limits: list[int]) -> None:
    assert limits_of(typed) == limits


async def test_hr_sets_brackets_from_tomorrow_and_a_board_has_those_of_its_first_day(
    company: Company, signed_in: As
) -> None:
    people = [await company.person(f"Ada {n}", 90 - n) for n in range(6)]
    client = await signed_in(await company.person("Hanna", role="hr"))
    found = await client.get("/hr/seasons")
    token = re.search(r'name="_csrf_token" value="([^"]+)"', found.text)
    assert token
    assert "Under 500 followers · 500 to 4,999 followers · 5,000 followers and more" in found.text
    for typed in ("many", "0", "1 2 3 4 5 6"):
        answer = await client.post("/hr/brackets", data={"_csrf_token": token[1], "limits": typed})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
    answer = await client.post("/hr/brackets", data={"_csrf_token": token[1], "limits": "10 2,000"})
    assert answer.status_code == 303
    assert (
        "from tomorrow on have others: Under 10 followers" in (await client.get("/hr/seasons")).text
    )
    mine = await signed_in(people[0])
    page = (await mine.get("/?period=quarter&audience=bracket-1")).text
    assert "Under 500 followers (you)" in page
    assert all(f"Ada {n}" in page for n in range(3))
    # Nobody has so many followers; in a week there are no brackets.
    assert "Ada 3" not in (await mine.get("/?audience=bracket-3")).text.partition("<main")[2]
    assert "bracket-" not in (await mine.get("/?period=week&audience=bracket-1")).text
    sheet = (await mine.get("/board.json?period=quarter&audience=bracket-1")).json()
    assert (sheet["audience"], sheet["ranked"]) == ("bracket-1", 6)
