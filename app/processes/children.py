"""The roles of Fanfare as child processes of one command: started, watched, ended in order.

Law: none survives us. On Linux the kernel ends them when we die; else we do, in the reverse order
of their start; one that dies by itself is named, with the last lines it wrote.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.embedded.process import dying_with, last_words

# Ending a role takes well under a second; open streams are cut after ten.
_PATIENCE_S = 20.0


class ChildDied(Exception):
    """A child ended without being told to; the text says which, how, and what it said last."""


@dataclass(slots=True)
class Child:
    """One role: its name, its process, where it writes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Children:
    """All roles of one command. Use from the main thread: children die with their thread."""

    def __init__(self, environment: Mapping[str, str], directory: Path) -> None:
        self._environment = {**os.environ, **environment}
        self._directory = directory
        self._children: list[Child] = []

    def start(self, role: str) -> None:
        """Starts `fanfare {role}`; what it writes goes to {role}.log in the directory."""
        log = self._directory / f"{role}.log"
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-c", "from app.cli import main; main()", role],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A Ctrl-C in the terminal is ours to pass on, in order.
                start_new_session=True,
                preexec_fn=dying_with(os.getpid(), signal.SIGTERM),
            )
        self._children.append(Child(role, process, log))

    def check(self) -> None:
        """ChildDied when one has ended."""
        for child in self._children:
            code = child.process.poll()
            if code is not None:
                words = last_words(child.log)
                raise ChildDied(
                    f"The {child.name} process ended by itself ({_how(code)}). "
                    f"It wrote to {child.log}:\n{words or '(nothing)'}"
                )

    async def watch(self) -> None:
        """Waits until one ends, then raises ChildDied."""
        while True:
            self.check()
            await asyncio.sleep(0.3)

    def stop(self, role: str) -> None:
        """Ends one role in order and waits for it, so that it can be started again."""
        for child in [one for one in self._children if one.name == role]:
            self._children.remove(child)
            _tell(child)
            _wait_for(child)

    def end(self) -> None:
        """Tells all to end, the last one started first, then waits for each."""
        for child in reversed(self._children):
            _tell(child)
        for child in reversed(self._children):
            _wait_for(child)
        self._children.clear()


def _tell(child: Child) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.process.terminate()


def _wait_for(child: Child) -> None:
    try:
        child.process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()


def _how(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    return f"signal {signal.Signals(-code).name}"
