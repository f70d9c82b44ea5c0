"""A server that speaks Mastodon: people let Fanfare see their accounts there, by the server's own page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers.browser import browser, sign_in
from tests.peers.fanfare import PASSWORD, Fanfare, email_of
from tests.peers.front import FANFARE, SOCIAL, front
from tests.peers.mastodon import Mastodon
from tests.peers.running import free_port

pytestmark = pytest.mark.peers

NETWORK = "mastodon"


@pytest.fixture
def social(tmp_path: Path) -> Iterator[Mastodon]:
    server = Mastodon(tmp_path, SOCIAL, ("ada", "fan", "company"))
    try:
        server.start()
        yield server
    finally:
        server.kill()


async def test_somebody_lets_fanfare_see_an_account_by_an_app_made_on_the_fly(
    fanfare: Callable[..., Fanfare], social: Mastodon, keys: Path
) -> None:
    installed = fanfare(FANFARE_BASE_URL=f"https://{FANFARE}", FANFARE_PEERS=social.peer)
    await installed.found(NETWORK, {}, f"company@{SOCIAL}")
    ada = await installed.hire()
    installed.serve()
    doors = {FANFARE: free_port(), SOCIAL: free_port()}
    async with (
        front(doors[FANFARE], installed.settings.port, keys),
        front(doors[SOCIAL], social.port, keys),
        browser(doors) as page,
    ):
        await sign_in(page, f"https://{FANFARE}", email_of(ada), PASSWORD)
        await page.goto(f"https://{FANFARE}/me/accounts/consent/{NETWORK}")
        await page.fill("input[name=server]", SOCIAL)
        await page.check("input[name=counts][value=every]")
        await page.check("input[name=kind][value=professional]")
        await page.click("#me-consent button[type=submit]")
        await page.click("#me-consent a.btn")
        await page.wait_for_url(f"https://{SOCIAL}/**")
        await page.click("button[value=ada]")
        await page.wait_for_url(f"https://{FANFARE}/me/accounts/consent*")
        assert f"ada@{SOCIAL}" in await page.inner_text("main")
    given = await installed.connection.fetchrow("select state, server from consent")
    assert tuple(given) == ("given", f"https://{SOCIAL}")
