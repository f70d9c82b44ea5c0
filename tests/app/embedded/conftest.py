"""Owners of embedded services as processes of their own, as root and as a normal user."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from app.embedded import erase

# Root is tried as itself and as somebody without rights; anybody else as themselves.
ACCOUNTS = ["root", "nobody"] if os.geteuid() == 0 else [pwd.getpwuid(os.geteuid()).pw_name]


@dataclass
class Owner:
    """A running owner: its addresses, itself and everything it started."""

    database_url: str
    redis_url: str
    process: psutil.Process
    started: list[psutil.Process]


Start = Callable[[], Owner]


@pytest.fixture(params=ACCOUNTS)
def account(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def data_dir(account: str) -> Iterator[Path]:
    """A data directory the account may make, not under pytest's own, which is closed to others."""
    entry = pwd.getpwnam(account)
    with tempfile.TemporaryDirectory(prefix="fanfare-embedded-") as directory:
        home = Path(directory)
        home.chmod(0o711)
        os.chown(home, entry.pw_uid, entry.pw_gid)
        yield home / "data"
        erase(home / "data")


@pytest.fixture
def start_owner(data_dir: Path, account: str) -> Iterator[Start]:
    """Starts an owner of `data_dir`; whatever still runs at the end is ended."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(_owner(data_dir, account))


@contextmanager
def _owner(data_dir: Path, account: str) -> Iterator[Owner]:
    command = [sys.executable, "-m", "tests.app.embedded.owner", str(data_dir)]
    if account != pwd.getpwuid(os.geteuid()).pw_name:
        command.append(account)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        line = child.stdout.readline()
        assert line, "the owner ended before its services answered"
        process = psutil.Process(child.pid)
        yield Owner(**json.loads(line), process=process, started=process.children(recursive=True))
    finally:
        child.communicate(timeout=30)


def still_running(processes: list[psutil.Process], patience_s: float = 20) -> list[psutil.Process]:
    """Those that have not ended after `patience_s`; remains that nobody collected have ended."""
    deadline = time.monotonic() + patience_s
    running = processes
    while running and time.monotonic() < deadline:
        time.sleep(0.02)
        running = [process for process in running if _runs(process)]
    return running


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
