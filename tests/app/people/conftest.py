"""The application on real stores, and people who visit it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import asyncpg
import pytest
from argon2 import PasswordHasher
from litestar import Litestar

from app.settings import Settings
from scoring import Listed, take_roster
from tests.app.going_out.server import serving
from tests.app.opened import opened
from tests.app.people.social import Social
from tests.app.people.visitor import Visitor

PASSWORD = "a brass band at noon"
# The weakest parameters: the hash is made anew at the first sign-in, which costs what it costs.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

NewPerson = Callable[..., Awaitable[int]]


@pytest.fixture
async def social() -> AsyncIterator[Social]:
    """A server of Mastodon's that anyone can ask."""
    async with serving(Social()) as server:
        yield server


@pytest.fixture
async def settings(database_url: str, redis_url: str, social: Social) -> Settings:
    """A company with one network set up."""
    return Settings(
        database_url=database_url,
        redis_url=redis_url,
        secret_key="k" * 40,
        base_url="http://fanfare.test",
        live_url="http://live.fanfare.test",
        company_name="Northwind",
        peers=(f"https://social.example={social.origin}",),
    ).with_secrets("mastodon", secret="s", server="social.example")


@pytest.fixture
async def application(settings: Settings) -> AsyncIterator[Litestar]:
    """The running application."""
    async with opened(settings) as made:
        yield made


@pytest.fixture
async def visitor(application: Litestar) -> AsyncIterator[Visitor]:
    """Somebody nobody knows yet."""
    async with Visitor(application) as somebody:
        yield somebody


@pytest.fixture
async def person(connection: asyncpg.Connection) -> NewPerson:
    """Adds somebody with PASSWORD as the company's list would, and returns the id."""

    async def add(name: str, *roles: str) -> int:
        now = datetime.now(UTC)
        email = f"{name.lower().replace(' ', '.')}@northwind.test"
        await take_roster(connection, [Listed(1, name, email, "Research", None)], None, now)
        person_id: int = await connection.fetchval(
            "select person_id from profile where email = $1", email
        )
        await connection.execute(
            "insert into credential values ($1, $2, $3)", person_id, _HASH, now
        )
        for role in roles:
            await connection.execute(
                """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
                   values ($1, $2, true, null, $3)""",
                person_id,
                role,
                now,
            )
        return person_id

    return add


@pytest.fixture
async def signed_in(
    application: Litestar, person: NewPerson, social: Social
) -> AsyncIterator[Callable[..., Awaitable[Visitor]]]:
    """Adds somebody and signs them in."""
    visitors: list[Visitor] = []

    async def enter(name: str, *roles: str) -> Visitor:
        await person(name, *roles)
        visitor = Visitor(application, social)
        visitors.append(visitor)
        email = f"{name.lower().replace(' ', '.')}@northwind.test"
        await visitor.sign_in(email, PASSWORD)
        return visitor

    yield enter
    for visitor in visitors:
        await visitor.aclose()
