"""The stores any test may ask for: a fresh database, an empty Redis, both of them real.

One embedded PostgreSQL serves the whole run; the controlling process starts and ends it. A test
that asks gets a database of its own, copied from one that was migrated once. Each worker has a
Valkey of its own. With FANFARE_DATABASE_URL or FANFARE_REDIS_URL set, those servers serve instead.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
import redis as redis_client
from hypothesis import HealthCheck, settings
from redis.asyncio import Redis

from app.embedded import Postgres, Valkey
from tests.databases import Databases, drop_all, easy_to_enter
from tests.order import in_order
from tests.peers import setting_up as peers
from tests.ports import free_port

# No law depends on how fast a machine is: neither an example nor making one has a deadline.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
# pytest --hypothesis-profile=thorough: before a release, or after a change to the scoring.
settings.register_profile("thorough", settings.get_profile("house"), max_examples=1500)

# What a developer has set for an installation of theirs must not change what the tests see.
_SET_OUTSIDE = {
    name: os.environ.pop(name)
    for name in list(os.environ)
    if name.startswith("FANFARE_") and name != "FANFARE_CHROMIUM"
}

# These data die with the run, and survive a killed server without reaching the disk.
_FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "max_wal_size": "512MB",
}
# A database is copied for most tests, 870 files, and many make servers and browsers of their own: in
# memory that costs a tenth. What tests leave there goes with the run; --basetemp DIR keeps it.
_MEMORY, _ENOUGH = Path("/dev/shm"), 4 << 30
_NAMED = "fanfare-tests-"


class Run:
    """One run of the tests: its directory, its PostgreSQL, its name on servers that outlive it."""

    def __init__(self) -> None:
        memory = _in_memory()
        _sweep(memory)
        self.directory = Path(tempfile.mkdtemp(prefix=f"{_NAMED}{os.getpid()}-", dir=memory))
        # As root, the account that PostgreSQL runs as passes through.
        self.directory.chmod(0o711)
        self._tempdir = os.environ.get("TMPDIR")
        if memory is not None:
            self._make_temporary(self.directory / "tmp")
        self.prefix = f"fanfare_test_{secrets.token_hex(4)}"
        self.redis_url = _SET_OUTSIDE.get("FANFARE_REDIS_URL", "")
        self._outside = _SET_OUTSIDE.get("FANFARE_DATABASE_URL")
        self._postgres: Postgres | None = None

    def database_server(self) -> str:
        """The server's address; starts it on first use."""
        if self._outside:
            return self._outside
        if self._postgres is None:
            self._postgres = Postgres(self.directory / "postgres", settings=_FORGETFUL).start()
            easy_to_enter(self._postgres.url)
        return self._postgres.url

    def _make_temporary(self, directory: Path) -> None:
        """Whoever asks for a temporary file, pytest-xdist's workers and browsers too, gets it there."""
        directory.mkdir()
        directory.chmod(0o1777)
        os.environ["TMPDIR"], tempfile.tempdir = str(directory), None

    def end(self) -> None:
        if self._tempdir is None:
            os.environ.pop("TMPDIR", None)
        else:
            os.environ["TMPDIR"] = self._tempdir
        tempfile.tempdir = None
        if self._outside:
            drop_all(self._outside, self.prefix)
        if self._postgres is not None:
            self._postgres.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def _sweep(memory: Path | None) -> None:
    """Removes what runs that were killed have left in memory; their number stands in its name."""
    for left in memory.glob(f"{_NAMED}*-*") if memory else ():
        number = left.name.removeprefix(_NAMED).split("-")[0]
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _in_memory() -> Path | None:
    """Where files are kept in memory, if there is such a place with room enough."""
    usable = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK | os.X_OK)
    return _MEMORY if usable and shutil.disk_usage(_MEMORY).free >= _ENOUGH else None


_run_key = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    # A worker of pytest-xdist is given everything by the controller.
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        config.stash[_run_key] = Run()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many processes again as there are cores: tests wait for others a third of their time."""
    usable = getattr(os, "sched_getaffinity", None)
    cores = len(usable(0)) if usable else os.cpu_count() or 1
    return cores + cores // 2


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    run = node.config.stash[_run_key]
    node.workerinput["fanfare"] = {
        "database_server": run.database_server(),
        "directory": str(run.directory),
        "prefix": run.prefix,
        "redis_url": run.redis_url,
    }


# Without the servers there are no clients either, so that the modules could not even be imported.
_NEEDS_PEERS = Path(__file__).parent / "peers"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    return True if collection_path == _NEEDS_PEERS and not peers.ready() else None


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    asked = any(str(_NEEDS_PEERS) in str(config.invocation_params.dir / arg) for arg in config.args)
    if not asked and not peers.ready():
        terminalreporter.write_line(
            "NOT RUN: tests/peers, which needs real servers of networks; `make peers` sets them up."
        )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # Every process of a run orders alike; one alone keeps to the files.
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    if processes > 1:
        items[:] = in_order(items, processes)


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(_run_key, None)
    if run is not None:
        run.end()


@pytest.fixture(scope="session")
def stores(request: pytest.FixtureRequest) -> dict[str, str]:
    """Where this process finds the run's servers."""
    worker_input = getattr(request.config, "workerinput", None)
    if worker_input is not None:
        return dict(worker_input["fanfare"])
    run = request.config.stash[_run_key]
    return {
        "database_server": run.database_server(),
        "directory": str(run.directory),
        "prefix": run.prefix,
        "redis_url": run.redis_url,
    }


@pytest.fixture(scope="session")
def databases(stores: dict[str, str], worker_id: str) -> Iterator[Databases]:
    """Makes databases: `fresh()` with all tables, `empty()` without; give them back by `drop`."""
    made = Databases(stores["database_server"], prefix=stores["prefix"], worker=worker_id)
    yield made
    made.close()


@pytest.fixture(scope="session")
def _migrated(databases: Databases) -> Databases:
    databases.make_template()
    return databases


@pytest.fixture
def unused_tcp_port() -> int:
    """A port on which nobody serves; instead of the one of pytest-asyncio, which callers may get."""
    return free_port()


@pytest.fixture
def database_url(_migrated: Databases) -> Iterator[str]:
    """The address of this test's own database: all tables, no rows."""
    yield _migrated.own()
    _migrated.renew_own()


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to this test's own database, outside any pool or transaction."""
    opened = await asyncpg.connect(database_url)
    try:
        yield opened
    finally:
        await opened.close()


@pytest.fixture(scope="session")
def _redis_server(stores: dict[str, str], worker_id: str) -> Iterator[str]:
    if stores["redis_url"]:
        # One numbered database a worker; channels have no numbers, so such a run is best alone.
        number = int(worker_id[2:]) if worker_id.startswith("gw") else 0
        yield f"{stores['redis_url'].rstrip('/').rsplit('/', 1)[0]}/{number}"
        return
    with Valkey(Path(stores["directory"]) / f"valkey-{worker_id}") as valkey:
        yield valkey.url


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """The address of this process's own Redis, empty at the start of the test."""
    with redis_client.Redis.from_url(_redis_server) as client:
        client.flushdb()
    return _redis_server


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of this process's own Redis, empty at the start of the test; answers are bytes."""
    client = Redis.from_url(redis_url)
    try:
        yield client
    finally:
        await client.aclose()
