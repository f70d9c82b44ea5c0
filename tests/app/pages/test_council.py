"""Teams only: one switch that every page, block, standing, slide and command obeys."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from httpx import AsyncClient
from litestar import Litestar

from app.council import HOLDS_S, Council, Whose, agree, may_show
from app.screens.language import Language
from app.screens.slides import Sight, slide_kinds
from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.app.pages.contest_rows import Contests
from tests.app.pages.exposure import EXPOSES

NAMES = (
    "Zofia Quill", "Yorick Vane", "Xenia Thorne", "Wanda Frost", "Ulla Mirren", "Tibor Stark",
    "Selma Wolde", "Rufus Hale", "Quinn Ostrom", "Petra Lunde",
)  # fmt: skip
ME = "Mira Own"
# Where people are named because roles are given to them; nothing that is counted stands there.
NAMED_FOR_WORK = ("/admin/people",)


async def switch(
    connection: asyncpg.Connection, person: int, *, on: bool = True, least: int = 5
) -> None:
    """Somebody agrees it, and what a process keeps grows old."""
    await agree(
        connection,
        Council(on, least),
        reason="Works agreement",
        person_id=person,
        now=datetime.now(UTC),
    )
    await asyncio.sleep(HOLDS_S * 1.5)


async def ranked(company: Company) -> list[int]:
    """Ten people in two departments with figures of every kind."""
    return [
        await company.person(
            name,
            9_100 - 10 * number,
            today=7,
            shared=3,
            department="Care" if number < 6 else "Legal",
            opens=("networks", "mix", "gain"),
            networks=("mastodon",),
        )
        for number, name in enumerate(NAMES)
    ]


def named_in(text: str) -> set[str]:
    """Who is named in an answer, by any part of the name."""
    return {name for name in NAMES if any(word in text for word in name.split())}


def addresses(
    application: Litestar, *, only: Whose | None = None, but: Whose | None = None
) -> list[str]:
    """Every address that is read, with what fits into its holes; by what it says of people."""
    found = []
    for route in application.routes:
        says = EXPOSES.get(route.path, frozenset())
        if (only and only not in says) or (but and but in says):
            continue
        if "GET" in getattr(route, "methods", ()):
            if route.path.startswith("/static/"):
                continue
            path = re.sub(r"\{\w+:int\}", "1", route.path)
            path = re.sub(r"\{\w+:uuid\}", "00000000-0000-0000-0000-000000000001", path)
            path = path.replace("{board:str}", "points:all:1970-01-01:all")
            found.append(re.sub(r"\{\w+:str\}", "starters", path))
    return sorted(found)


def test_one_function_answers() -> None:
    off, on = Council(), Council(teams_only=True, least_size=5)
    assert may_show(off, Whose.COLLEAGUE)
    assert not may_show(on, Whose.COLLEAGUE)
    assert [may_show(on, Whose.TEAM, members=n) for n in (4, 5)] == [False, True]
    assert all(may_show(on, whose) for whose in (Whose.OWN, Whose.NAME, Whose.WINNER))


async def test_no_route_names_a_colleague_beside_a_figure(
    application: Litestar, signed_in: As, company: Company, connection: asyncpg.Connection
) -> None:
    people = await ranked(company)
    own = await company.person(ME, 9_055, department="Legal")
    publisher = await company.person("Hanna of HR", role="hr")
    contests = Contests(company, publisher)
    values = {one: 880 - n for n, one in enumerate([*people, own])}
    await contests.contest(values=values, starts_in=timedelta(days=-2))
    everywhere = [
        *addresses(application),
        *(f"/?audience={who}&rows=500" for who in ("all", "department-1", "office-1")),
        *(f"/?q={name.split()[0]}&metric={metric}" for name in NAMES[:2] for metric in ("points", "shared")),
        "/contests/starters?rows=500", "/contests/starters?for=prize&bracket=1&rows=500",
    ]  # fmt: skip
    looks = {"nobody": own, "hr": publisher}
    for role in ("leader", "communications", "administrator"):
        looks[role] = await company.person(f"Rae of {role}", role=role)
    clients = {role: await signed_in(person) for role, person in looks.items()}
    await connection.execute("update profile set opens_compare = true")
    for address in ("/?rows=500", "/board.csv", "/board.json", "/compare"):
        before = await clients["nobody"].get(address)
        assert len(named_in(before.text)) > 4, f"without the switch people stand on {address}"
    await switch(connection, publisher)
    wrong = []
    for role, client in clients.items():
        for address in everywhere:
            if address.startswith(NAMED_FOR_WORK):
                assert "9,0" not in (await client.get(address)).text
                continue
            if "/stream" in address or "/live" in address:
                continue  # they do not end, and carry versions alone
            answer = await client.get(address, headers={"HX-Request": "false"})
            if names := named_in(answer.text):
                wrong.append(f"{role} {address}: {', '.join(sorted(names))}")
    assert "\n".join(wrong) == ""
    assert "Mira Own" in (await clients["nobody"].get("/contests/starters")).text


async def test_the_block_of_an_open_page_is_empty_within_a_moment(
    visitor: AsyncClient, signed_in: As, company: Company, connection: asyncpg.Connection
) -> None:
    people = await ranked(company)
    page = (await (await signed_in(people[0])).get("/")).text
    href = re.search(r'id="board-rows" hx-get="([^"]+)"', page)
    key = re.search(r'"x-board-key": "([^"]+)"', page)
    assert href
    assert key
    headers = {"x-board-key": key[1]}
    assert named_in((await visitor.get(href[1], headers=headers)).text)
    await switch(connection, people[0])
    assert (await visitor.get(href[1], headers=headers)).text == ""
    await switch(connection, people[0], on=False)
    assert named_in((await visitor.get(href[1], headers=headers)).text)


async def test_teams_stand_on_the_board_from_the_least_size_on_and_oneself_sees_the_own_rank(
    signed_in: As, company: Company, connection: asyncpg.Connection
) -> None:
    people = await ranked(company)
    await switch(connection, people[0], least=5)
    page = (await (await signed_in(people[7])).get("/")).text
    assert "Care" in page
    assert ">Legal<" not in page  # four of them: their mean would say much of each
    assert "You are <strong" in page
    assert "behind" not in page  # that would be somebody's figure
    assert 'value="all"' not in page


async def test_no_slide_names_a_colleague_beside_a_figure(
    application: Litestar, company: Company, connection: asyncpg.Connection
) -> None:
    people = await ranked(company)
    contests = Contests(company, await company.person("Hanna of HR", role="hr"))
    await contests.contest(values={one: 880 - n for n, one in enumerate(people)})
    state = application.state
    options: dict[str, list[dict[str, str]]] = {
        "board": [
            {"metric": metric, "audience": audience}
            for metric in ("points", "responses", "followers", "shared")
            for audience in ("all", "departments", "department-1", "office-1")
        ],
        "contests": [{"leaders": "yes"}],
    }

    async def said() -> str:
        told = []
        for audience in ("staff", "public"):
            sight = Sight(
                state.pool, state.redis, state.boards, state.settings, audience, Language("en"),
                datetime.now(UTC),
            )  # fmt: skip
            for name, kind in slide_kinds().items():
                chosen = options.get(name, [dict(kind.example)])
                told += [repr(await kind.content(sight, one)) for one in chosen]
        return "\n".join(told)

    assert named_in(await said())
    await switch(connection, people[0])
    after = await said()
    assert named_in(after) == set()
    assert "Care" in after


async def test_an_administrator_changes_it_with_a_reason_and_it_stays_on_record(
    signed_in: As, company: Company, connection: asyncpg.Connection
) -> None:
    client = await signed_in(await company.person("Ada Min", role="administrator"))
    token = re.search(
        r'name="_csrf_token" value="([^"]+)"', (await client.get("/admin/shown")).text
    )
    assert token
    form: dict[str, Any] = {"_csrf_token": token[1], "shown": "teams", "least": "2"}
    answer = await client.post("/admin/shown", data=form)
    assert answer.status_code == 422
    assert "Type a number from 3 to 100." in answer.text
    assert "Say why" in answer.text
    answer = await client.post(
        "/admin/shown", data={**form, "least": "6", "reason": "Works agreement of 3 March"}
    )
    assert answer.status_code == 303
    page = (await client.get("/admin/shown")).text
    assert "Works agreement of 3 March" in page
    assert "teams of 6 people or more" in page
    audited = await connection.fetchrow("select action, subject, detail from audit")
    assert tuple(audited)[:2] == ("changed", "council")
    hr = await signed_in(await company.person("Hanna", role="hr"))
    assert (await hr.get("/admin/shown")).status_code == 403
