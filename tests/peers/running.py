"""Programs that run beside the tests on loopback, each in a folder of its own, and end with them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.embedded.process import dying_with, last_words

# Two cores that others use too: a process of Fanfare was seen to need half a minute there to begin.
PATIENCE_S = 180.0


class Program:
    """One program, which can be started, killed and started again."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str],
        folder: Path,
        ready: Callable[[], bool],
    ) -> None:
        self._command = [str(part) for part in command]
        self._log, self._environment, self._folder = log, dict(environment), folder
        self._ready = ready
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it can be used."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it, and do not wait."""
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dying_with(os.getpid(), signal.SIGKILL),
            )

    def wait(self) -> None:
        """Wait until it can be used."""
        assert self._child is not None
        deadline = time.monotonic() + PATIENCE_S
        while not self._ready():
            ended = self._child.poll()
            if ended is not None or time.monotonic() > deadline:
                self.kill()
                what = "is not ready" if ended is None else f"ended with {ended}"
                raise AssertionError(f"{self._command[1]} {what}:\n{last_words(self._log)}")
            time.sleep(0.05)

    def told(self) -> str:
        """Everything it has said so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def kill(self) -> None:
        """End it as a power cut would: it is not asked, and has no time for anything."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()


def answers(url: str) -> Callable[[], bool]:
    """Whether an address answers at all, as a question to ask again and again."""

    def asked() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    return asked


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
