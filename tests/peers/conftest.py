"""Real servers for the tests that ask; one a run, because each takes seconds to start."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from app.settings import Settings
from tests.peers import setting_up

# The networks' clients lie beside their servers. At the end: of what both have, .venv's is taken.
sys.path.append(str(setting_up.PACKAGES))

from tests.peers.bluesky import Bluesky
from tests.peers.fanfare import Fanfare
from tests.peers.front import FANFARE, SOCIAL, certificate
from tests.ports import free_port


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of every name in these tests."""
    return certificate(tmp_path_factory.mktemp("keys"), FANFARE, SOCIAL)


@pytest.fixture(scope="session")
def bluesky(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[Bluesky]:
    """A Bluesky server with nobody on it whom a test has not invited."""
    server = Bluesky(tmp_path_factory.mktemp("bluesky"), keys)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
def fanfare(
    database_url: str,
    redis_url: str,
    connection: asyncpg.Connection,
    redis: Redis,
    tmp_path: Path,
) -> Iterator[Callable[..., Fanfare]]:
    """Makes an installation; named variables are set in its environment."""
    made: list[Fanfare] = []

    def make(**set_: str) -> Fanfare:
        settings = Settings(
            database_url=database_url,
            redis_url=redis_url,
            data_dir=tmp_path,
            port=free_port(),
            secret_key="of a test: " + "k" * 32,
        )
        made.append(Fanfare(settings, connection, redis, tmp_path, **set_))
        return made[-1]

    yield make
    for installation in made:
        installation.end()
