"""Pages that people and the company run: what an administrator lets Fanfare see of the company's, and what
somebody lets it count of their own."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar

from app.connections import known_connections, trouble_of
from app.consent import token_of
from app.going_out import Outside
from app.polls.wanted import wanted_sql
from app.settings import Settings
from scoring import Named, Secrets, name_as_companys, platform
from scoring.identity import account_id
from tests.app.consent.conftest import BASE, Person, Rounds, own, owners, said
from tests.app.consent.test_keeping import later
from tests.app.consent.world import Somebody, World
from tests.app.pages.company import Company

PAGE = "urn:li:organization:90001"
ACCOUNT = account_id("linkedin", PAGE)
HERE = f"/admin/company-accounts/{ACCOUNT}/consent"
ANYBODY = Somebody("Qq12345678", "Page Admin")


@pytest.fixture
async def admin(application: Litestar, company: Company, connection: Any) -> Any:
    """An administrator with a browser, and a page that is the company's."""
    person = await company.person("Ada Min", role="administrator")
    async with connection.transaction():
        await name_as_companys(
            connection, "linkedin", Named(PAGE, PAGE), by=None, now=datetime.now(UTC)
        )
    async with AsyncClient(transport=ASGITransport(app=application), base_url=BASE) as browser:
        assert (await browser.get(await company.way_in(person))).status_code == 303
        yield browser


async def sends(browser: AsyncClient, address: str) -> Any:
    shown = await browser.get("/admin/company-accounts")
    token = re.search(r'name="_csrf_token" value="([^"]+)"', shown.text)
    assert token is not None
    return await browser.post(address, data={"_csrf_token": token[1]})


async def leaves(browser: AsyncClient) -> str:
    found = re.search(r'<a class="btn" href="(https://[^"]+)"', (await sends(browser, HERE)).text)
    assert found is not None
    return html.unescape(found[1])


async def troubles(connection: Any, settings: Settings) -> str:
    now = datetime.now(UTC)
    every = await known_connections(connection, settings, now)
    return " ".join(line for one in every for line in trouble_of(one, now))


async def asked_about(connection: Any) -> list[UUID]:
    polling = platform("linkedin").polling
    assert polling is not None
    poll = polling.poll("posts")
    assert poll is not None
    rows = await connection.fetch(wanted_sql(poll, Secrets()), "linkedin", later(), later())
    return [row["account_id"] for row in rows]


async def test_an_administrator_lets_fanfare_see_the_companys_page_and_takes_it_back(
    admin: AsyncClient,
    world: World,
    connection: Any,
    settings: Settings,
    outside: Outside,
    rounds: Rounds,
) -> None:
    assert "Nobody lets Fanfare see the company's page" in await troubles(connection, settings)
    assert await asked_about(connection) == []
    shown = said(await admin.get(HERE))
    assert "read what the page published, and whose posts it reshared" in shown
    there = await leaves(admin)
    # The page's scope and no other: nothing is asked about who gives it.
    assert parse_qs(urlsplit(there).query)["scope"] == ["r_organization_social"]
    answer = await admin.get(world.say(there, ANYBODY))
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/company-accounts")
    token = await token_of(connection, settings, outside, ACCOUNT)
    assert token is not None
    assert await asked_about(connection) == [ACCOUNT]
    assert await owners(connection, ACCOUNT) == [None]
    assert "by consent" in said(await admin.get("/admin/company-accounts"))
    assert "Fanfare sees 1 page by" in said(await admin.get("/admin/connections/linkedin"))
    assert "Nobody lets Fanfare see" not in await troubles(connection, settings)
    # It ends after two months: whoever administers Fanfare is told, whoever gave it.
    for days in (47, 61):
        await rounds(days=days)
    told = await connection.fetch("select kind from notice where kind like 'consent%'")
    assert [row["kind"] for row in told] == ["consent_of_company"] * 2
    assert "ended" in said(await admin.get(HERE))
    await admin.get(world.say(await leaves(admin), ANYBODY))
    assert (await sends(admin, f"{HERE}/withdraw")).status_code == 303
    await rounds(seconds=1)
    assert await connection.fetchval("select count(*) from consent") == 0
    assert await token_of(connection, settings, outside, ACCOUNT) is None
    assert await asked_about(connection) == []


async def test_only_who_administers_the_page_there_and_fanfare_here_gives_it(
    admin: AsyncClient, ada: Person, world: World, connection: Any
) -> None:
    world.administers = False
    answer = await admin.get(world.say(await leaves(admin), ANYBODY))
    assert answer.status_code == 422
    assert "to its own administrators" in said(answer)
    assert not await connection.fetchval("select count(*) from consent")
    world.administers = True
    assert (await ada.browser.get(HERE)).status_code == 403
    back = world.say(await leaves(admin), ANYBODY)
    assert (await ada.returns(back)).status_code == 422
    back = world.say(await leaves(admin), ANYBODY)
    await sends(admin, f"/admin/company-accounts/{ACCOUNT}/let-go")
    assert (await admin.get(back)).status_code in (404, 422)
    assert not await connection.fetchval("select count(*) from consent")


async def test_a_page_on_facebook_is_linked_with_what_its_figures_need_and_a_profile_without(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside
) -> None:
    there = await ada.leaves("facebook")
    assert parse_qs(urlsplit(there).query)["scope"] == ["public_profile"]
    assert "?of=page" in (await ada.browser.get("/me/accounts/consent/facebook")).text
    there = await ada.leaves("facebook", of="page")
    assert parse_qs(urlsplit(there).query)["scope"] == ["pages_show_list,pages_read_engagement"]
    page = {"id": "105000000000001", "name": "Ada Writes", "followers_count": 12}
    for pages, words in (
        ([], "0 pages were chosen"),
        ([page, page], "2 pages were chosen"),
        ([{"id": "1", "name": "Ada Writes"}], "leave everything ticked"),
    ):
        world.pages = pages
        back = world.say(await ada.leaves("facebook", of="page"), Somebody("8", "Ada"))
        assert words in said(await ada.returns(back))
    world.pages = [page]
    assert (await ada.links("facebook", of="page")).status_code == 303
    assert (await ada.links("facebook")).status_code == 303
    assert await owners(connection, account_id("facebook", "105000000000001")) == [ada.id]
    scopes = await connection.fetch("select scopes from consent order by id")
    assert [row["scopes"] for row in scopes] == [
        ["pages_read_engagement", "pages_show_list"], ["public_profile"],
    ]  # fmt: skip
    assert "of=page" in (await ada.browser.get("/me/accounts/consent")).text
    # Facebook knows one yes of hers: the page's end must not end the profile's.
    await ada.posts(f"/me/accounts/{account_id('facebook', '105000000000001')}/unlink")
    assert [grant.dead for grant in world.grants[-2:]] == [False, False]
    assert await token_of(connection, settings, outside, own("facebook")) is not None
    await ada.posts(f"/me/accounts/{own('facebook')}/unlink")
    assert world.grants[-1].dead
