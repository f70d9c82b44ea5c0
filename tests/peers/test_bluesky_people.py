"""A real Bluesky server and its own pages: people show Fanfare that an account there is theirs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page

from app.consent import token_of
from app.going_out import going_out
from scoring import account_id
from tests.peers.bluesky import PASSWORD as PASSWORD_THERE
from tests.peers.bluesky import Bluesky, Member
from tests.peers.browser import browser, sign_in
from tests.peers.fanfare import PASSWORD, Fanfare, email_of
from tests.peers.front import FANFARE, front
from tests.peers.running import until
from tests.ports import free_port

pytestmark = pytest.mark.peers

NETWORK = "bluesky"


@asynccontextmanager
async def claiming(
    fanfare: Callable[..., Fanfare], bluesky: Bluesky, keys: Path, member: Member, company: Member
) -> AsyncIterator[tuple[Fanfare, Page]]:
    """Somebody has signed in to Fanfare and named an account by its handle."""
    door = free_port()
    # With its port: this is how the server finds the document by which it knows Fanfare.
    address = f"https://{FANFARE}:{door}"
    installed = fanfare(
        FANFARE_BASE_URL=address,
        FANFARE_BLUESKY_API=bluesky.origin,
        FANFARE_BLUESKY_DIRECTORY=bluesky.directory,
        FANFARE_PEERS=f"{bluesky.origin} {bluesky.directory}",
    )
    await installed.found(NETWORK, {}, company.did)
    person = await installed.hire()
    installed.serve()
    async with front(door, installed.settings.port, keys), browser({FANFARE: None}) as page:
        await sign_in(page, address, email_of(person), PASSWORD)
        await page.goto(f"{address}/me")
        await page.select_option("form[action='/me/accounts'] select[name=network]", NETWORK)
        await page.fill("form[action='/me/accounts'] input[name=handle]", member.handle)
        await page.check("form[action='/me/accounts'] input[name=counts][value=every]")
        await page.check("form[action='/me/accounts'] input[name=kind][value=professional]")
        await page.click("form[action='/me/accounts'] button[type=submit]")
        await page.wait_for_url("**/me/accounts/claims/*")
        yield installed, page


async def owner(installed: Fanfare, member: Member) -> int | None:
    person: int | None = await installed.connection.fetchval(
        """select person_id from ownership where account_id = $1
           order by effective_at desc, id desc limit 1""",
        account_id(NETWORK, member.did),
    )
    return person


async def token(installed: Fanfare, member: Member) -> str:
    """What Fanfare would ask the server with now."""
    settings = installed.as_set()
    async with going_out(settings) as outside:
        found = await token_of(
            installed.connection, settings, outside, account_id(NETWORK, member.did)
        )
    assert found is not None
    return found.access


async def test_somebody_signs_in_at_their_own_server_for_as_long_as_they_want(
    bluesky: Bluesky, fanfare: Callable[..., Fanfare], keys: Path
) -> None:
    ada, company = bluesky.join("ada-signs-in"), bluesky.join("company-signs-in")
    async with claiming(fanfare, bluesky, keys, ada, company) as (installed, page):
        assert await owner(installed, ada) is None
        await page.click("form[action$='/sign-in'] button")
        await page.click("section a.btn")
        await page.wait_for_url(f"{bluesky.origin}/**")
        await page.fill("input[type=password]", PASSWORD_THERE)
        await page.click("button[type=submit]")
        await page.click("button:has-text('Authorize')")
        await page.wait_for_url("**/me")
        assert ada.handle in await page.inner_text("main")
        assert await owner(installed, ada) == 1
        first = await token(installed, ada)
        await installed.connection.execute("update consent set expires_at = now() - interval '1 s'")
        assert await token(installed, ada) != first
        assert bluesky.sessions(ada) == 1
        await page.click("summary:has-text('Unlink')")
        await page.click("form[action$='/unlink'] button")
        await page.wait_for_load_state()
    assert await owner(installed, ada) is None
    await until(lambda: bluesky.sessions(ada) == 0)


async def test_whoever_says_no_at_their_server_finds_the_way_back_and_has_nothing_linked(
    bluesky: Bluesky, fanfare: Callable[..., Fanfare], keys: Path
) -> None:
    ada, company = bluesky.join("ada-says-no"), bluesky.join("company-says-no")
    async with claiming(fanfare, bluesky, keys, ada, company) as (installed, page):
        await page.click("form[action$='/sign-in'] button")
        await page.click("section a.btn")
        await page.wait_for_url(f"{bluesky.origin}/**")
        await page.fill("input[type=password]", PASSWORD_THERE)
        await page.click("button[type=submit]")
        await page.click("button:has-text('Deny')")
        await page.wait_for_url(f"https://{FANFARE}*/**")
        assert await page.is_visible("[role=alert]")
        assert await owner(installed, ada) is None


async def test_a_code_in_the_profile_shows_whose_account_it_is(
    bluesky: Bluesky, fanfare: Callable[..., Fanfare], keys: Path
) -> None:
    ada, company = bluesky.join("ada-shows"), bluesky.join("company-shows")
    async with claiming(fanfare, bluesky, keys, ada, company) as (installed, page):
        await page.click("form[action$='/look'] button")
        await page.wait_for_selector("[role=alert]")
        assert await owner(installed, ada) is None
        await asyncio.sleep(3.5)  # it looks every three seconds at most
        ada.describe(f"Pumps and rivers. {await page.inner_text('#code')}")
        await page.click("form[action$='/look'] button")
        await page.wait_for_url("**/me")
        assert await owner(installed, ada) == 1
