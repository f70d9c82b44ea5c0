"""What the embedded servers have in common: a place of their own, one child process, an end.

Law: a server ends with its block; only its data stays.
"""

from __future__ import annotations

import signal
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

from app.embedded import process


class Server(ABC):
    """A server whose data lies under `directory`; a context manager, or start/stop.

    `url` is its address once it was started, `log` the file it writes to.
    """

    name: ClassVar[str]
    gently: ClassVar[signal.Signals]  # has it end in order, with all it holds on disk

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        self.log = self.directory / "log"
        self.url = ""
        self._child: process.Child | None = None

    @abstractmethod
    def start(self) -> Self:
        """Starts the server and waits until it answers; ServiceFault when it does not."""

    def stop(self) -> None:
        """Ends the server; every connection is closed."""
        if self._child is not None:
            process.stop(self._child, gently=self.gently)
            self._child = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The server's process id."""
        if self._child is None:
            raise RuntimeError(f"This {self.name} is not running.")
        return self._child.pid
