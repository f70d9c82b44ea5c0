"""The web application on a test's own stores, televisions that open it, and screens that hang."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar

from app.screens.screens import Screen, add_screen, key_of
from app.screens.setting import Setting
from app.settings import Settings
from tests.app.opened import opened
from tests.app.pages.company import Company

SECRET = "a secret key for tests, nothing else"
BASE = "http://127.0.0.1:8000"
Television = Callable[[], Awaitable[AsyncClient]]
Hang = Callable[..., Awaitable[tuple[Screen, str]]]


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
async def television(application: Litestar) -> AsyncIterator[Television]:
    """Opens a browser that nobody is signed in with; errors become answers, as outside."""
    async with AsyncExitStack() as open_:

        async def switch_on() -> AsyncClient:
            transport = ASGITransport(app=application, raise_app_exceptions=False)
            return await open_.enter_async_context(AsyncClient(transport=transport, base_url=BASE))

        yield switch_on


@pytest.fixture
def hang(connection: asyncpg.Connection) -> Hang:
    """Adds a screen; gives it and its key."""

    async def add(**setting: object) -> tuple[Screen, str]:
        screen = await add_screen(
            connection,
            Setting(**{"name": "Canteen", **setting}),  # type: ignore[arg-type]
            pairing_sha256=None,
            by=None,
            secret_key=SECRET,
            now=datetime.now(UTC),
        )
        return screen, key_of(SECRET, screen.id)

    return add
