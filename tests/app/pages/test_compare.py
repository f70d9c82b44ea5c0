"""Standing beside a colleague who allows it, and one's own rank over time."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import asyncpg

from app.pages.own_rank import SHOWN, chart, days_back
from scoring import Period, Stood, following
from tests.app.pages.company import ZONE, Company
from tests.app.pages.conftest import As
from tests.app.pages.test_council import switch

TODAY = date(2026, 11, 22)


async def opens(connection: asyncpg.Connection, *people: int) -> None:
    """These people allow it."""
    await connection.execute(
        "update profile set opens_compare = true where person_id = any($1::bigint[])", list(people)
    )


async def test_only_who_allows_it_and_is_shown_can_be_found(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    me = await company.person("Mira Own", 40, shared=2)
    ada = await company.person("Ada Open", 100, shared=1)
    closed = await company.person("Cleo Closed", 90)
    hidden = await company.person("Hugo Hidden", 80, visibility="hidden")
    alias = await company.person("Secret Sue", 70, alias="Night Owl")
    gone = await company.person("Gil Gone", 60, state="paused")
    await opens(connection, ada, hidden, alias, gone)
    client = await signed_in(me)
    page = (await client.get("/compare")).text
    for name, stands in {
        "Ada Open": True, "Night Owl": True, "Cleo Closed": False, "Hugo Hidden": False,
        "Secret Sue": False, "Gil Gone": False,
    }.items():  # fmt: skip
        assert (name in page) is stands, name
    assert closed
    href = re.search(r'<a href="(/compare\?[^"]+)"><bdi dir="auto">Ada Open', page)
    assert href
    beside = (await client.get(href[1].replace("&amp;", "&"))).text
    assert "You and" in beside
    assert "Ada Open is ahead by 60 points" in beside
    assert "you are ahead by 1 time" in beside
    assert "nothing yet" in beside
    assert "person_id" not in beside


async def test_nobody_is_compared_where_only_teams_are_shown(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    me, ada = await company.person("Mira Own", 40), await company.person("Ada Open", 100)
    await opens(connection, ada)
    client = await signed_in(me)
    assert "Ada Open" in (await client.get("/compare")).text
    await switch(connection, me)
    page = (await client.get("/compare?q=ada")).text
    assert "Ada Open" not in page
    assert "only teams are compared" in page


async def test_one_opens_it_on_the_own_page_and_it_starts_off(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    me = await company.person("Mira Own", 40)
    client = await signed_in(me)
    page = (await client.get("/me")).text
    assert not re.search(r'name="opens_compare"[^>]*checked', page)
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page)
    assert token
    form = {"_csrf_token": token[1], "visibility": "name", "alias": "", "opens_compare": "yes"}
    assert (await client.post("/me/shown", data=form)).status_code == 303
    assert re.search(r'name="opens_compare"[^>]*checked', (await client.get("/me")).text)
    assert "comparing" in (await client.get("/me/seen")).text


async def test_ones_own_past_ranks_stand_in_a_chart_and_in_a_table(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    me = await company.person("Mira Own", 40)
    others = [await company.person(f"Ada {n}", 50 + n) for n in range(3)]
    hidden = await company.person("Hugo Hidden", 999, visibility="hidden")
    today = company.now.astimezone(ZONE).date()
    before = days_back(Period.WEEK, today)[-2]
    for person, value in ((me, 9), (others[0], 10), (hidden, 50)):
        await connection.execute(
            "insert into total values ('points', 'week', $1, $2, $3, 1)", before, person, value
        )
    page = (await (await signed_in(me)).get("/me/rank")).text
    assert "<svg" in page
    assert "between 2nd and 4th, now 4th" in page
    assert page.count("<circle") == 2
    assert re.search(r'2nd</td><td class="r num nowrap">9 points', page)
    assert "Ada" not in page
    assert "style=" not in page


def test_days_go_back_period_by_period() -> None:
    for period in (Period.DAY, Period.WEEK, Period.MONTH, Period.QUARTER):
        days = days_back(period, TODAY)
        assert len(days) == SHOWN
        assert all(following(period, one) == next_ for one, next_ in pairwise(days))
        assert days[-1] <= TODAY < following(period, days[-1])


def test_a_gap_parts_the_line_and_the_best_is_at_the_top() -> None:
    days = days_back(Period.WEEK, TODAY)
    ranks = [3, 1, None, 5, None, 2, 2, None, None, None, None, None]
    stood = [Stood(day, rank or 0, rank) for day, rank in zip(days, ranks, strict=True)]
    made = chart(stood, Period.WEEK, TODAY)
    assert made is not None
    assert (made.best, made.worst) == (1, 5)
    assert made.best_y < made.worst_y
    assert len(made.dots) == 5
    assert len(made.lines) == 2
    assert made.words.endswith("now not ranked yet")
    assert chart([Stood(days[0], 1, 1)], Period.WEEK, TODAY) is None
