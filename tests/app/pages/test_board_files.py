"""A board as a file: the same as the page shows, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io

import asyncpg

from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.app.pages.test_council import switch
from tests.app.pages.test_leaderboard import ten


def lines(text: str) -> list[dict[str, str]]:
    """The rows of a file by column."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


async def test_a_file_has_the_upper_half_and_oneself_and_nobody_beneath(
    company: Company, signed_in: As
) -> None:
    people = await ten(company)
    found = lines((await (await signed_in(people[7])).get("/board.csv")).text)
    # From the lower half: the list down to the middle, who stands next above, oneself.
    assert [row["name"] for row in found] == [f"Ada {n}" for n in (0, 1, 2, 3, 4, 5, 6, 7)]
    assert [row["name"] for row in found if row["you"] == "yes"] == ["Ada 7"]
    assert found[0]["value"] == "100"
    assert found[0]["today"] == ""


async def test_a_file_follows_the_filters_and_what_people_opened(
    company: Company, signed_in: As
) -> None:
    people = [
        await company.person(f"Bo {n}", 50 - n, today=3, shared=n, opens=("gain",) if n else ())
        for n in range(6)
    ]
    client = await signed_in(people[0])
    assert [row["today"] for row in lines((await client.get("/board.csv?period=week")).text)] == [
        "", "3", "3",
    ]  # fmt: skip
    told = (await client.get("/board.json?metric=shared")).json()
    assert told["metric"] == "shared"
    assert told["ranked"] == 5
    assert told["rows"][0]["name"] == "Bo 5"
    assert told["rows"][0]["value"] == 5


async def test_a_name_is_never_a_formula(company: Company, signed_in: As) -> None:
    person = 0
    for n in range(5):
        person = await company.person(f"=HYPERLINK({n})", 50 - n)
    text = (await (await signed_in(person)).get("/board.csv")).text
    assert "'=HYPERLINK(0)" in text
    assert ",=HYPERLINK" not in text


async def test_who_has_the_file_is_told_so(company: Company, signed_in: As) -> None:
    client = await signed_in((await ten(company))[0])
    for kind in ("csv", "json"):
        first = await client.get(f"/board.{kind}")
        again = await client.get(f"/board.{kind}", headers={"If-None-Match": first.headers["etag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


async def test_hidden_people_and_few_people_are_in_no_file(company: Company, signed_in: As) -> None:
    people = [await company.person(f"Cleo {n}", 50 - n) for n in range(3)]
    hidden = await company.person("Hidden Hugo", 99, visibility="hidden")
    found = lines((await (await signed_in(people[1])).get("/board.csv")).text)
    assert [row["name"] for row in found] == ["Cleo 1"]
    own = lines((await (await signed_in(hidden)).get("/board.csv")).text)
    assert [row["name"] for row in own] == ["Hidden Hugo"]


async def test_teams_are_in_a_file_and_where_only_teams_are_shown_nothing_else(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    people = await ten(company)
    client = await signed_in(people[0])
    await switch(connection, people[0])
    [team] = lines((await client.get("/board.csv")).text)
    assert (team["name"], team["members"], team["mean"], team["you"]) == (
        "Research", "10", "77.5", "yes",
    )  # fmt: skip
    assert "Ada" not in (await client.get("/board.json?audience=office-1")).text
