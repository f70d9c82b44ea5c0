"""A role serves with its settings, ends when told, and leaves nothing behind when killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from app.processes.role import run_until_told

SERVE = """
import sys
from app.processes.role import serve
from app.settings import Settings
settings = Settings.from_environment()
serve("tests.app.hello:create", settings, port=settings.port)
"""


@pytest.fixture
def served(
    database_url: str, unused_tcp_port: int, tmp_path: Path
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "FANFARE_DATABASE_URL": database_url,
        "FANFARE_COMPANY_NAME": "Blue",
        "FANFARE_PORT": str(unused_tcp_port),
    }
    process = subprocess.Popen([sys.executable, "-c", SERVE], env=environment)
    yield process
    process.kill()
    process.wait()


def answer(port: int, patience_s: float = 20) -> str:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).text
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def is_free(port: int, patience_s: float = 20) -> bool:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
        except httpx.ConnectError:
            return True
        except httpx.TransportError:
            continue
        time.sleep(0.05)
    return False


def test_a_role_sees_its_settings_and_ends_when_told(
    served: subprocess.Popen[bytes], unused_tcp_port: int
) -> None:
    assert answer(unused_tcp_port) == "Blue"
    served.send_signal(signal.SIGTERM)
    assert served.wait(timeout=20) == 0
    assert is_free(unused_tcp_port)


def test_a_killed_role_leaves_no_worker(
    served: subprocess.Popen[bytes], unused_tcp_port: int
) -> None:
    answer(unused_tcp_port)
    workers = psutil.Process(served.pid).children(recursive=True)
    assert workers
    served.kill()
    served.wait()
    assert is_free(unused_tcp_port)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_work_that_is_told_to_end_cleans_up_first(told: signal.Signals) -> None:
    done: list[str] = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), told)
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            done.append("cleaned up")

    before = signal.getsignal(told)
    run_until_told(work())
    signal.signal(told, before)
    assert done == ["cleaned up"]


def test_work_that_fails_says_so() -> None:
    async def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_until_told(work())
