"""The web application in this process, on a test's own database and Redis, and ways to look at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar

from app.settings import Settings
from tests.app.opened import opened
from tests.app.pages.company import Company

SECRET = "a secret key for tests, nothing else"
As = Callable[[int], Awaitable[AsyncClient]]


@pytest.fixture
def company(connection: asyncpg.Connection) -> Company:
    """An empty company in this test's database."""
    return Company(connection)


@pytest.fixture
async def application(database_url: str, redis_url: str) -> AsyncIterator[Litestar]:
    """The web application, open."""
    settings = Settings(
        database_url=database_url, redis_url=redis_url, secret_key=SECRET, demo=True
    )
    async with opened(settings) as made:
        yield made


@pytest.fixture
async def visitor(application: Litestar) -> AsyncIterator[AsyncClient]:
    """Somebody who is not signed in."""
    transport = ASGITransport(app=application)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
async def signed_in(application: Litestar, company: Company) -> AsyncIterator[As]:
    """Signs a person in and gives their browser."""
    async with AsyncExitStack() as open_:

        async def sign_in(person_id: int) -> AsyncClient:
            transport = ASGITransport(app=application)
            client = AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
            await open_.enter_async_context(client)
            answer = await client.get(await company.way_in(person_id))
            assert answer.status_code == 303
            return client

        yield sign_in
