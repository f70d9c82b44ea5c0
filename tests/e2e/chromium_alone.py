"""A Chromium with one page and nobody looking into its requests: spoken to over a pipe.

Playwright has the page keep what it was answered, for those who ask later: over hours that is what
would be measured. Here only what is asked for is switched on (Chrome DevTools Protocol, its messages
ended by a NUL: `--remote-debugging-pipe`, read 2026-11).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
from types import TracebackType
from typing import Any, Final

import psutil

from app.embedded.process import dying_with
from tests.chromium import ARGUMENTS, ensure

_IN, _OUT = 3, 4  # the descriptors that Chromium reads from and writes to
SIZE: Final = "--window-size=1920,1080"
_PATIENCE_S: Final = 15.0


class Chromium:
    """One browser, one page."""

    def __enter__(self) -> Chromium:
        """Start it."""
        self._home = tempfile.mkdtemp(prefix="fanfare-chromium-")
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        dies = dying_with(os.getpid(), signal.SIGTERM)

        def pipes() -> None:
            # Out of the way first: one of them may have the other's number.
            one, other = (fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_read, to_write))
            os.dup2(one, _IN)
            os.dup2(other, _OUT)
            if dies is not None:
                dies()

        self._process = subprocess.Popen(
            [ensure(), *ARGUMENTS, SIZE, f"--user-data-dir={self._home}",
             "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, preexec_fn=pipes,
        )  # fmt: skip
        os.close(to_read)
        os.close(to_write)
        self._asked = 0
        self._left = b""
        self._session: str | None = None
        targets = self.ask("Target.getTargets")["targetInfos"]
        page = next(one["targetId"] for one in targets if one["type"] == "page")
        self._session = self.ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._home, ignore_errors=True)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command's answer; events that come meanwhile are left aside. RuntimeError."""
        self._asked += 1
        message: dict[str, Any] = {"id": self._asked, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") != self._asked:
                continue
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            result: dict[str, Any] = answer["result"]
            return result

    def value(self, script: str) -> Any:
        """What a script comes to; None while the page changes."""
        done = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        return done["result"].get("value")

    def processes(self) -> list[psutil.Process]:
        """The browser's own, its pages', its network's."""
        browser = psutil.Process(self._process.pid)
        return [browser, *browser.children(recursive=True)]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            part = os.read(self._read, 65536)
            if not part:
                raise RuntimeError("Chromium ended")
            self._left += part
        message, _, self._left = self._left.partition(b"\0")
        decoded: dict[str, Any] = json.loads(message)
        return decoded
