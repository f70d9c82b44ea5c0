"""Fanfare beside the networks' servers, and people with browsers."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient, Response
from litestar import Litestar

from app.consent import follow_up_all, keep_consents
from app.going_out import Outside, going_out
from app.settings import Settings
from scoring.identity import account_id
from tests.app.consent.world import NATIVE, PEOPLE, Somebody, World, peers, secrets_of, turning
from tests.app.opened import opened
from tests.app.pages.company import Company

BASE = "http://127.0.0.1:8000"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with turning() as made:
        yield made


@pytest.fixture
def settings(database_url: str, redis_url: str, world: World) -> Settings:
    made = Settings(
        database_url=database_url,
        redis_url=redis_url,
        secret_key="a secret key for tests, nothing else",
        peers=peers(world.port),
        demo=True,
    )
    for network in ("x", "linkedin", "facebook", "instagram", "threads", "youtube"):
        made = made.with_secrets(network, **secrets_of(network))
    return made


@pytest.fixture
async def outside(settings: Settings) -> AsyncIterator[Outside]:
    async with going_out(settings) as way:
        yield way


@pytest.fixture
async def application(settings: Settings) -> AsyncIterator[Litestar]:
    async with opened(settings) as made:
        yield made


@pytest.fixture
def company(connection: asyncpg.Connection) -> Company:
    return Company(connection)


@dataclass
class Rounds:
    """What the worker does with consents, at a time that is told from now on."""

    connection: asyncpg.Connection
    settings: Settings
    outside: Outside

    async def __call__(self, settings: Settings | None = None, **span: float) -> None:
        at, used = datetime.now(UTC) + timedelta(**span), settings or self.settings
        await keep_consents(self.connection, used, self.outside, at)
        await follow_up_all(self.connection, used, self.outside, at)


@pytest.fixture
def rounds(connection: asyncpg.Connection, settings: Settings, outside: Outside) -> Rounds:
    return Rounds(connection, settings, outside)


@dataclass
class Person:
    """Somebody with a browser, on the way to a network and back."""

    id: int
    browser: AsyncClient
    world: World

    async def asks(self, network: str, **chosen: str) -> Response:
        """Choose, and ask for the way to the network."""
        form = {"counts": "every", "kind": "personal", "disclaimer": "yes", **chosen}
        if network == "mastodon":
            form.setdefault("server", "social.example")
        address = f"/me/accounts/consent/{network}"
        if "of" in chosen:
            address += f"?of={chosen['of']}"
        shown = await self.browser.get(address)
        token = re.search(r'name="_csrf_token" value="([^"]+)"', shown.text)
        assert token is not None
        return await self.browser.post(address, data={**form, "_csrf_token": token[1]})

    async def leaves(self, network: str, **chosen: str) -> str:
        """The address of the network's page, as the link of Fanfare's page has it."""
        answer = await self.asks(network, **chosen)
        assert answer.status_code == 200, answer.text
        found = re.search(r'<a class="btn" href="(https://[^"]+)"', answer.text)
        assert found is not None, answer.text
        return html.unescape(found[1])

    async def returns(self, back: str) -> Response:
        """Come back to where the network sends the browser."""
        assert back.startswith(f"{BASE}/oauth/")
        return await self.browser.get(back)

    async def links(self, network: str, who: Somebody | None = None, **chosen: str) -> Response:
        """All of it, with a yes."""
        there = await self.leaves(network, **chosen)
        return await self.returns(self.world.say(there, who or PEOPLE[network]))

    async def posts(self, address: str, **form: str) -> Response:
        """Send a form of one's own page."""
        shown = await self.browser.get("/me")
        token = re.search(r'name="_csrf_token" value="([^"]+)"', shown.text)
        assert token is not None
        return await self.browser.post(address, data={**form, "_csrf_token": token[1]})


@pytest.fixture
async def people(
    application: Litestar, company: Company, world: World
) -> AsyncIterator[list[Person]]:
    """Ada and Ben, taking part and signed in."""
    made = []
    for name in ("Ada Example", "Ben Example"):
        person = await company.person(name)
        browser = AsyncClient(transport=ASGITransport(app=application), base_url=BASE)
        answer = await browser.get(await company.way_in(person))
        assert answer.status_code == 303
        made.append(Person(person, browser, world))
    yield made
    for person in made:
        await person.browser.aclose()


@pytest.fixture
async def ada(people: list[Person]) -> Person:
    return people[0]


@pytest.fixture
async def ben(people: list[Person]) -> Person:
    return people[1]


def own(network: str) -> UUID:
    """Ada's account on a network."""
    return account_id(network, NATIVE[network])


async def owners(connection: Any, account: UUID) -> list[int | None]:
    """Whose an account was said to be, in order."""
    rows = await connection.fetch(
        "select person_id from ownership where account_id = $1 order by id", account
    )
    return [row["person_id"] for row in rows]


def said(answer: Response) -> str:
    """What a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
