"""Laws of tracked links, by the application itself: led on, counted once a visitor and day, nothing kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar

from scoring import end_link, links_of, make_link
from tests.app.people.conftest import NewPerson
from tests.app.people.visitor import Visitor, error_beside

READER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
TARGET = "https://northwind.example/news?x=1#top"
SignIn = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def reader(application: Litestar) -> Any:
    """Somebody from outside who opens links and does not follow them."""
    transport = httpx.ASGITransport(app=application, client=("198.51.100.7", 1))
    headers = {"user-agent": READER}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://fanfare.test", headers=headers
    ) as one:
        yield one


@pytest.fixture
async def code(connection: asyncpg.Connection, person: NewPerson) -> str:
    """A link of Ana's."""
    ana = await person("Ana Ferreira")
    return await make_link(connection, ana, TARGET, "News", datetime.now(UTC))


async def stored(connection: asyncpg.Connection, at_least: int = 1) -> int:
    """How many openings are stored, once the counting behind the answer is done."""
    for _ in range(60):
        if await openings_in(connection) >= at_least:
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.1)  # what should not be stored gets its chance
    return await openings_in(connection)


async def openings_in(connection: asyncpg.Connection) -> int:
    """All openings of all deliveries; each says by which way it came."""
    rows = await connection.fetch("select source, body from delivery where platform = 'links'")
    assert {row["source"] for row in rows} <= {"link"}
    return sum(len(json.loads(row["body"])["openings"]) for row in rows)


async def test_whoever_opens_a_link_is_led_on_and_counts_once_a_day(
    reader: httpx.AsyncClient, connection: asyncpg.Connection, code: str
) -> None:
    for _ in range(3):
        answer = await reader.get(f"/s/{code}")
        assert (answer.status_code, answer.headers["location"]) == (302, TARGET)
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        assert await stored(connection) == 1
    body = await connection.fetchval("select body from delivery where platform = 'links'")
    assert b"198.51.100.7" not in body
    assert b"Chrome" not in body


async def test_another_browser_is_another_visitor_and_programs_are_none(
    reader: httpx.AsyncClient, connection: asyncpg.Connection, code: str
) -> None:
    await reader.get(f"/s/{code}")
    await reader.get(f"/s/{code}", headers={"user-agent": READER.replace("130", "131")})
    assert await stored(connection, 2) == 2
    for headers in ({"user-agent": "Twitterbot/1.0"}, {"purpose": "prefetch"}):
        answer = await reader.get(f"/s/{code}", headers=headers)
        assert answer.status_code == 302
    assert (await reader.head(f"/s/{code}")).status_code == 302
    assert await stored(connection, 3) == 2


@pytest.mark.parametrize("path", ["/s/nosuchcode", "/s/", "/s/short", "/s/" + "a" * 33])
async def test_a_code_that_was_never_made_leads_nowhere(
    reader: httpx.AsyncClient, code: str, path: str
) -> None:
    answer = await reader.get(path)
    assert answer.status_code in (401, 404)
    assert "location" not in answer.headers


async def test_only_looking_is_allowed(reader: httpx.AsyncClient, code: str) -> None:
    answer = await reader.post(f"/s/{code}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_nobody_can_tell_of_openings_by_the_webhook(reader: httpx.AsyncClient) -> None:
    answer = await reader.post("/webhooks/links", content=b"{}")
    assert answer.status_code == 401


async def test_the_author_is_led_on_and_not_counted(
    signed_in: SignIn, connection: asyncpg.Connection, application: Litestar
) -> None:
    ana = await signed_in("Ana Ferreira")
    ana_id = await connection.fetchval("select person_id from profile")
    code = await make_link(connection, ana_id, TARGET, "News", datetime.now(UTC))
    answer = await ana.get(f"/s/{code}", headers={"user-agent": READER}, follow_redirects=False)
    assert answer.status_code == 302
    assert await stored(connection) == 0
    ben = await signed_in("Ben Okafor")
    await ben.get(f"/s/{code}", headers={"user-agent": READER}, follow_redirects=False)
    assert await stored(connection) == 1


async def test_a_link_is_made_and_ended_on_ones_own_page_and_still_leads_on(
    signed_in: SignIn, reader: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    ana = await signed_in("Ana Ferreira")
    ana_id = await connection.fetchval("select person_id from profile")
    await connection.execute(
        """insert into enrolment (person_id, state, effective_at, recorded_at)
           values ($1, 'active', now(), now())""",
        ana_id,
    )
    wrong = await ana.send_form("/me/links", "/me/links", target="javascript:alert(1)", label="")
    assert wrong.status_code == 422
    assert "whole address" in (error_beside(wrong, "target") or "")
    assert "few words" in (error_beside(wrong, "label") or "")
    made = await ana.send_form("/me/links", "/me/links", target=TARGET, label="News")
    assert "The link is there" in made.text
    (link,) = await links_of(connection, ana_id)
    assert f"http://fanfare.test/s/{link.code}" in made.text
    begun = f"http%3A%2F%2Ffanfare.test%2Fs%2F{link.code}"  # in networks' own composers
    assert f'href="https://x.com/intent/tweet?text=News&amp;url={begun}"' in made.text
    assert f'href="https://www.facebook.com/sharer/sharer.php?u={begun}"' in made.text
    ended = await ana.send_form("/me/links", f"/me/links/{link.code}/end")
    assert "openings count no more" in ended.text
    answer = await reader.get(f"/s/{link.code}")
    assert answer.headers["location"] == TARGET
    assert await stored(connection) == 0


async def test_ones_own_page_leads_to_ones_links_which_carry_the_name_the_internet_reaches(
    signed_in: SignIn, connection: asyncpg.Connection, application: Litestar
) -> None:
    ana = await signed_in("Ana Ferreira")
    ana_id = await connection.fetchval("select person_id from profile")
    await connection.execute(
        """insert into enrolment (person_id, state, effective_at, recorded_at)
           values ($1, 'active', now(), now())""",
        ana_id,
    )
    assert 'href="/me/links"' in (await ana.get("/me")).text
    code = await make_link(connection, ana_id, TARGET, "News", datetime.now(UTC))
    inside = application.state.settings
    application.state.settings = replace(inside, outside_url="https://hear.example.org")
    shown = (await ana.get("/me/links")).text
    assert f"https://hear.example.org/s/{code}" in shown
    assert "while you are signed in" not in shown  # by that name nobody is


async def test_nobody_ends_a_link_of_somebody_else(
    signed_in: SignIn, connection: asyncpg.Connection, code: str
) -> None:
    ben = await signed_in("Ben Okafor")
    answer = await ben.send_form("/me/links", f"/me/links/{code}/end")
    assert answer.status_code == 404
    assert not await connection.fetchval("select count(*) from tracked_link_end")


async def test_a_link_counts_until_the_moment_it_is_ended_whatever_a_process_remembers(
    reader: httpx.AsyncClient, connection: asyncpg.Connection, code: str
) -> None:
    await reader.get(f"/s/{code}")
    assert await stored(connection) == 1
    ana = await connection.fetchval("select person_id from tracked_link")
    await end_link(connection, ana, code, datetime.now(UTC))
    late = await reader.get(f"/s/{code}", headers={"user-agent": READER.replace("130", "131")})
    assert late.headers["location"] == TARGET
    assert await stored(connection, 2) == 1
