"""The demo as a person runs it: it comes up, says where to look, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from app.settings import Settings
from seeds.demo import NotReady, roles
from tests.ports import free_ports

PATIENCE_S = 90.0  # on a machine that runs other tests beside it


class Run:
    """One run of `fanfare demo` with a small company."""

    def __init__(self, directory: Path) -> None:
        self.port, live_port = free_ports(2)
        self.output = directory.parent / f"{directory.name}.out"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FANFARE_")}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from app.cli import main; main()",
                 "--data-dir", str(directory), "demo", "--people", "8", "--days", "1",
                 "--port", str(self.port), "--live-port", str(live_port)],
                stdout=output, stderr=subprocess.STDOUT, env=environment,
            )  # fmt: skip
        self.family: list[psutil.Process] = []

    def wait_for(self, words: str) -> str:
        """What it has said, once it has said that."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            said = self.output.read_text()
            if words in said:
                self.family = psutil.Process(self.process.pid).children(recursive=True)
                return said
            assert self.process.poll() is None, said
            time.sleep(0.1)
        raise AssertionError(f"{words!r} was not said: {self.output.read_text()}")

    def told_to(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)

    def left_over(self) -> list[psutil.Process]:
        _, alive = psutil.wait_procs(self.family, timeout=15)
        return alive


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    # As root, the account that PostgreSQL runs as passes through.
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        if os.geteuid() == 0:
            parent.chmod(0o711)
    return tmp_path / "demo"


def test_a_demo_shows_where_to_look_and_continues_when_started_again(directory: Path) -> None:
    first = Run(directory)
    said = first.wait_for("keep sending")
    links = re.findall(r"http://\S+/enter/\S+", said)
    assert len(links) == 6
    assert len(re.findall(r"^  HR\b.*/enter/", said, re.MULTILINE)) == 2
    for link in links:
        with httpx.Client(follow_redirects=True, timeout=20) as browser:
            assert browser.get(link).status_code == 200
            assert "session" in " ".join(browser.cookies).lower()
    televisions = re.findall(r"http://\S+/screens/([a-z2-7]{32})", said)
    assert len(televisions) == 2
    for key in televisions:
        shown = httpx.get(f"http://127.0.0.1:{first.port}/screens/{key}", timeout=20)
        assert 'id="stage"' in shown.text
    assert first.told_to(signal.SIGINT) == 0
    assert first.left_over() == []

    second = Run(directory)
    said = second.wait_for("keep sending")
    assert "Continuing" in said
    again = [link.rsplit("/", 1)[1] for link in re.findall(r"http://\S+/enter/\S+", said)]
    assert again == [link.rsplit("/", 1)[1] for link in links]
    assert re.findall(r"http://\S+/screens/([a-z2-7]{32})", said) == televisions
    assert second.told_to(signal.SIGTERM) == 0
    assert second.left_over() == []


def test_a_role_that_dies_ends_the_demo_with_its_last_words(directory: Path) -> None:
    run = Run(directory)
    run.wait_for("keep sending")
    worker = next(p for p in run.family if p.cmdline()[-1:] == ["worker"])
    worker.kill()
    assert run.process.wait(40) == 1
    assert "worker process ended by itself" in run.output.read_text()
    assert run.left_over() == []


def test_a_killed_demo_leaves_no_process(directory: Path) -> None:
    run = Run(directory)
    run.wait_for("keep sending")
    run.process.kill()
    run.process.wait()
    assert run.left_over() == []


def test_a_demo_ended_half_way_through_filling_begins_anew(directory: Path) -> None:
    run = Run(directory)
    run.wait_for("Inventing")
    assert run.told_to(signal.SIGINT) == 0
    again = Run(directory)
    assert "Inventing" in again.wait_for("keep sending")
    assert again.told_to(signal.SIGINT) == 0
    assert again.left_over() == []


async def test_a_port_that_is_taken_while_the_company_is_invented_is_said_before_anything_starts(
    directory: Path,
) -> None:
    port, live_port = free_ports(2)
    settings = Settings(port=port, live_port=live_port, data_dir=directory)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as every server of Fanfare
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(NotReady, match=f"Port {port} is in use"):
            async with roles(settings, lambda _: None):
                pass
    assert not list(directory.glob("*.log"))
