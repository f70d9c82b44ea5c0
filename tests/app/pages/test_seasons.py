"""Named seasons on pages: HR sets them, the leaderboard says their name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import asyncpg
import pytest

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
