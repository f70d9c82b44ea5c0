"""A hub of WebSub beside the tests (hub_server.py, in a process of .peers)."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from pathlib import Path

from tests.peers import setting_up
from tests.peers.running import Program, answers
from tests.ports import free_port


class Hub:
    """The hub; `method` is what it signs with."""

    def __init__(self, folder: Path, method: str) -> None:
        port = free_port()
        self.origin = f"http://127.0.0.1:{port}"
        self.address = f"{self.origin}/subscribe"
        self._program = Program(
            [setting_up.VENV / "bin" / "python", setting_up.HERE / "hub_server.py", str(port),
             folder / "hub.db", method],
            log=folder / "hub.log",
            environment=setting_up.environment(),
            folder=folder,
            ready=answers(self.origin),
        )  # fmt: skip

    def start(self) -> None:
        """Start it, or start it again where it was killed."""
        self._program.start()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._program.kill()

    def told(self) -> str:
        """Everything it has said so far."""
        return self._program.told()

    def tell(self, topic: str, content: bytes) -> None:
        """What a publisher does: a topic became this."""
        self._ask("tell", {"topic": topic}, content)

    def ask_for(self, form: dict[str, str]) -> None:
        """Ask for a subscription, as anybody can in anybody's name."""
        self._ask("subscribe", {}, urllib.parse.urlencode(form).encode())

    def subscribed(self, topic: str) -> list[str]:
        """Whom it tells of a topic."""
        callbacks: list[str] = json.loads(self._ask("subscriptions", {"topic": topic}))
        return callbacks

    def _ask(self, way: str, query: dict[str, str], body: bytes | None = None) -> bytes:
        asked = f"{self.origin}/{way}?{urllib.parse.urlencode(query)}".removesuffix("?")
        with urllib.request.urlopen(asked, body, timeout=10) as answer:
            content: bytes = answer.read()
        return content
