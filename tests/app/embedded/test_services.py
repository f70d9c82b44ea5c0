"""Embedded services: nothing but the data outlives their owner, and nobody else gets in."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psutil
import pytest
import redis as redis_client
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.embedded import DataDirInUse, Postgres, ServiceFault, erase, services
from app.embedded.account import Account
from app.settings import Settings
from tests.app.embedded.conftest import Start, still_running


@pytest.fixture
def tmp_path_open() -> Iterator[Path]:
    """A directory that the account PostgreSQL runs as can pass through, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="fanfare-embedded-") as directory:
        Path(directory).chmod(0o711)
        yield Path(directory)


async def rows(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        return [row["word"] for row in await connection.fetch("SELECT word FROM kept")]
    finally:
        await connection.close()


async def keep(url: str, word: str) -> None:
    await rows(url)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("INSERT INTO kept VALUES ($1)", word)
    finally:
        await connection.close()


async def test_killing_the_owner_leaves_no_process_and_loses_nothing(start_owner: Start) -> None:
    owner = start_owner()
    await keep(owner.database_url, "before")
    with redis_client.Redis.from_url(owner.redis_url) as client:
        client.set("session", "kept")
    assert {p.name() for p in owner.started} >= {"postgres", "valkey-server"}

    owner.process.kill()
    assert still_running(owner.started) == []

    again = start_owner()
    assert await rows(again.database_url) == ["before"]
    with redis_client.Redis.from_url(again.redis_url) as client:
        assert client.get("session") == b"kept"
    # Ports and passwords are remembered: what others wrote down still leads there.
    assert (again.database_url, again.redis_url) == (owner.database_url, owner.redis_url)


async def test_killing_everything_at_once_loses_no_commit(start_owner: Start) -> None:
    owner = start_owner()
    await keep(owner.database_url, "committed")
    for process in (owner.process, *owner.started):
        if process.is_running():
            process.kill()
    assert still_running(owner.started) == []
    assert await rows(start_owner().database_url) == ["committed"]


async def test_a_stale_pid_file_that_names_a_stranger_harms_nobody(
    start_owner: Start, data_dir: Path
) -> None:
    owner = start_owner()
    owner.process.kill()
    assert still_running(owner.started) == []
    # As after a reboot: the numbers belong to somebody else by now, here to this test.
    stranger = os.getpid()
    (data_dir / "postgres" / "cluster" / "postmaster.pid").write_text(f"{stranger}\n/nowhere\n")
    (data_dir / "valkey" / "pid").write_text(f"{stranger}\n")
    assert await rows(start_owner().database_url) == []
    assert psutil.pid_exists(stranger)


async def test_a_server_left_over_is_ended_by_the_next_start(
    start_owner: Start, data_dir: Path
) -> None:
    owner = start_owner()
    command = next(p.cmdline() for p in owner.started if "-D" in p.cmdline())
    await keep(owner.database_url, "kept")
    owner.process.send_signal(signal.SIGKILL)
    assert still_running(owner.started) == []
    # Where the kernel tells no child of its parent's death, the server would have stayed like this.
    cluster = data_dir / "postgres" / "cluster"
    as_owner = Account.owning(cluster).as_child() if os.geteuid() == 0 else {}
    leftover = subprocess.Popen(
        command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_owner
    )
    assert await rows(start_owner().database_url) == ["kept"]
    assert leftover.wait(timeout=20) is not None


async def test_nobody_gets_in_without_the_password(start_owner: Start, data_dir: Path) -> None:
    owner = start_owner()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(owner.database_url, password="postgres")
    address = urlsplit(owner.redis_url)
    with (
        redis_client.Redis(port=address.port, retry=Retry(NoBackoff(), 0)) as client,
        pytest.raises(redis_client.AuthenticationError),
    ):
        client.ping()
    rules = (data_dir / "postgres" / "cluster" / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in rules if line and not line.startswith("#")}
    assert methods == {"scram-sha-256"}


def test_services_listen_on_this_machine_only(start_owner: Start) -> None:
    for process in start_owner().started:
        for connection in process.net_connections("all"):
            if connection.status == psutil.CONN_LISTEN:
                assert connection.laddr.ip == "127.0.0.1"
            # No socket in the file system, whose permissions would be another door.
            assert not (connection.family.name == "AF_UNIX" and connection.laddr)


def test_secrets_are_readable_by_their_owner_only(start_owner: Start, data_dir: Path) -> None:
    start_owner()
    secret = ["services.json", "postgres/password", "valkey/password", "valkey/valkey.conf"]
    for name in secret:
        assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o600, name
    for name in ("postgres/cluster", "valkey"):
        assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o700, name


def test_a_second_command_uses_what_already_runs(start_owner: Start, data_dir: Path) -> None:
    owner = start_owner()
    with services(Settings(data_dir=data_dir)) as settings:
        assert settings.database_url == owner.database_url
        assert settings.redis_url == owner.redis_url
    assert owner.process.is_running()
    with (
        pytest.raises(DataDirInUse, match=f"process {owner.process.pid}"),
        services(Settings(data_dir=data_dir), alone=True),
    ):
        pass
    with pytest.raises(DataDirInUse):
        erase(data_dir)


def test_one_process_may_ask_twice(tmp_path_open: Path) -> None:
    settings = Settings(data_dir=tmp_path_open / "data")
    with services(settings) as outer:
        with services(settings) as inner:
            assert inner == outer
        with services(settings) as inner:
            assert inner == outer
    erase(settings.data_dir)


def test_addresses_that_are_set_start_nothing(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url="postgresql://elsewhere/fanfare",
        redis_url="redis://elsewhere",
    )
    with services(settings) as found:
        assert found == settings
    assert not settings.data_dir.exists()


def test_data_of_another_version_is_refused_with_the_way_out(tmp_path_open: Path) -> None:
    with Postgres(tmp_path_open / "postgres"):
        pass
    (tmp_path_open / "postgres" / "cluster" / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServiceFault, match=r"made by PostgreSQL 17.*pg_dump"):
        Postgres(tmp_path_open / "postgres").start()


def test_a_lost_password_file_is_named(tmp_path_open: Path) -> None:
    with Postgres(tmp_path_open / "postgres"):
        pass
    (tmp_path_open / "postgres" / "password").unlink()
    with pytest.raises(ServiceFault, match="lost its password file"):
        Postgres(tmp_path_open / "postgres").start()


async def test_a_closed_directory_above_stays_closed(tmp_path_open: Path) -> None:
    tmp_path_open.chmod(0o700)
    told: list[str] = []
    settings = Settings(data_dir=tmp_path_open / "data")
    with services(settings, tell=told.append) as found:
        assert await rows(str(found.database_url)) == []
        await keep(str(found.database_url), "kept")
    with services(settings, tell=told.append) as found:
        assert await rows(str(found.database_url)) == ["kept"]
    assert stat.S_IMODE(tmp_path_open.stat().st_mode) == 0o700
    if os.geteuid() == 0:
        # The account PostgreSQL runs as cannot pass: its files are elsewhere, and we were told.
        aside = Path(told[0].rsplit(" ", 1)[1].rstrip("."))
        assert aside.is_relative_to("/var/tmp")
        assert aside.exists()
        erase(settings.data_dir)
        assert not aside.exists()
    else:
        assert told == []


def test_an_account_that_does_not_exist_is_named() -> None:
    with pytest.raises(ServiceFault, match="no account 'not-here'"):
        Account.named("not-here")
    with pytest.raises(ServiceFault, match="refuses"):
        Account.named("root")
