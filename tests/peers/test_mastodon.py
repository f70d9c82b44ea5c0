"""A server that speaks Mastodon: people let Fanfare see their accounts there, by the server's own page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from scoring import account_id
from tests.peers.browser import browser, sign_in
from tests.peers.fanfare import PASSWORD, Fanfare, email_of
from tests.peers.front import FANFARE, SOCIAL, front
from tests.peers.mastodon import Mastodon, Member, Status, token_of
from tests.peers.running import until
from tests.ports import free_port

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


def done(kind: str, name: str, actor: str, target: str | None, undone: bool = False) -> Any:
    """What Fanfare must know of a deed."""
    named = [account_id(NETWORK, one) if one else None for one in (actor, target)]
    return (kind, name, *named, undone)


def boosted(by: Member, status: Status, undone: bool = False) -> Any:
    return done("reshare", f"boost:{by.name}>{status.uri}", by.name, status.author, undone)


def favoured(by: Member, status: Status) -> Any:
    return done("reaction", f"like:{by.name}>{status.uri}", by.name, status.author)


def followed(by: Member, other: Member) -> Any:
    return done("follow", f"{by.name}>{other.name}", by.name, other.name)


async def test_the_companys_stream_tells_what_others_do_to_it_and_what_it_boosts(
    fanfare: Callable[..., Fanfare], social: Mastodon
) -> None:
    ada, fan, company = (social.member(name) for name in ("ada", "fan", "company"))
    company.follow(ada)
    installed = fanfare(
        FANFARE_PEERS=social.peer,
        FANFARE_MASTODON_STREAM=f"https://{token_of('company')}@{SOCIAL}",
    )
    await installed.found(NETWORK, {ada.name: ada.name}, company.name)
    listener = installed.program("listen", told="stream_heard")
    listener.start()
    installed.program("worker").start()
    post, own, passing = (
        ada.post("Our pump house hums. #pumps"),
        company.post("Come"),
        company.post("Oops"),
    )
    boost = company.boost(post)
    ada.boost(own)
    ada.favourite(own)
    fan.favourite(own)
    fan.follow(company)
    reply, answer = ada.reply(own, "With pleasure"), fan.reply(own, "When?")
    fan.post("Nothing about you")
    known = {
        done("post", post.uri, ada.name, None),
        done("post", own.uri, company.name, None),
        boosted(ada, own),
        favoured(ada, own),
        favoured(fan, own),
        followed(fan, company),
        done("reply", answer.uri, fan.name, company.name),
    }
    before = {
        boosted(company, post),
        done("post", passing.uri, company.name, None),
        done("reply", reply.uri, ada.name, company.name),
    }
    await installed.ends_with(NETWORK, known | before)
    company.delete(boost)
    company.delete(passing)
    ada.delete(reply)
    known |= {
        boosted(company, post, undone=True),
        done("post", passing.uri, company.name, None, undone=True),
        done("reply", reply.uri, ada.name, company.name, undone=True),
    }
    await installed.ends_with(NETWORK, known)
    listener.kill()
    fan.boost(own)
    late = company.post("While nobody listened")
    social.kill()
    social.start()
    installed.program("listen", told="stream_heard").start()
    after = company.post("And when somebody did again")
    known |= {boosted(fan, own)} | {
        done("post", status.uri, company.name, None) for status in (late, after)
    }
    await installed.ends_with(NETWORK, known)


@asynccontextmanager
async def visit(installed: Fanfare, social: Mastodon, keys: Path) -> AsyncIterator[Page]:
    """A browser for which Fanfare and the server have their names."""
    doors = {FANFARE: free_port(), SOCIAL: free_port()}
    async with (
        front(doors[FANFARE], installed.settings.port, keys),
        front(doors[SOCIAL], social.port, keys),
        browser(doors) as page,
    ):
        yield page


async def test_somebody_lets_fanfare_see_an_account_by_an_app_made_on_the_fly_and_takes_it_back(
    fanfare: Callable[..., Fanfare], social: Mastodon, keys: Path
) -> None:
    ada, fan, company = (social.member(name) for name in ("ada", "fan", "company"))
    installed = fanfare(FANFARE_BASE_URL=f"https://{FANFARE}", FANFARE_PEERS=social.peer)
    await installed.found(NETWORK, {}, company.name)
    person = await installed.hire()
    installed.serve()
    installed.program("worker").start()
    there_before = social.tokens()
    async with visit(installed, social, keys) as page:
        await sign_in(page, f"https://{FANFARE}", email_of(person), PASSWORD)
        await page.goto(f"https://{FANFARE}/me/accounts/consent/{NETWORK}")
        await page.fill("input[name=server]", SOCIAL)
        await page.check("input[name=counts][value=every]")
        await page.check("input[name=kind][value=professional]")
        await page.click("#me-consent button[type=submit]")
        await page.click("#me-consent a.btn")
        await page.wait_for_url(f"https://{SOCIAL}/**")
        await page.click("button[value=ada]")
        await page.wait_for_url(f"https://{FANFARE}/me/accounts/consent*")
        assert ada.name in await page.inner_text("main")
        assert len(social.tokens() - there_before) == 1

        listener = installed.program("listen", told="stream_heard")
        listener.start()
        post = ada.post("Our pump house hums. #pumps")
        fan.favourite(post)
        fan.follow(ada)
        company.boost(post)
        listener.kill()
        answer = fan.reply(post, "It does!")
        listener = installed.program("listen", told="stream_heard")
        listener.start()
        known = {
            done("post", post.uri, ada.name, None),
            favoured(fan, post),
            followed(fan, ada),
            boosted(company, post),
            done("reply", answer.uri, fan.name, ada.name),
        }
        await installed.ends_with(NETWORK, known)

        await page.goto(f"https://{FANFARE}/me")
        await page.click("summary:has-text('Unlink')")
        await page.click("form[action$='/unlink'] button")
        await page.wait_for_load_state()
    await until(lambda: social.tokens() == there_before)
    # One that listens lets go of it within half a minute; one that begins hears nobody.
    listener.kill()
    fan.boost(post)
    listener = installed.program("listen")
    listener.start()
    await until(lambda: "No stream is set" in listener.told())
    await installed.ends_with(NETWORK, known)
