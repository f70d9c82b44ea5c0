"""A server that speaks Mastodon's API with its streams (mastodon_mock, one author's reading of it).

The people on it act by Mastodon's own client.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mastodon import Mastodon as Client

from tests.peers import setting_up
from tests.peers.running import Program, answers, free_port


class Mastodon:
    """One server with those people on it, called `name`; another one is another server of the fediverse."""

    def __init__(self, folder: Path, name: str, people: Iterable[str]) -> None:
        self.name, self.port = name, free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        # What the settings of Fanfare say of it: the address that everybody knows, and where that is here.
        self.peer = f"https://{name}={self.origin}"
        accounts = "".join(
            f'[[seed.accounts]]\nusername = "{one}"\naccess_token = "{_token(one)}"\n'
            for one in people
        )
        configuration = folder / f"{name}.toml"
        configuration.write_text(
            f'domain = "{name}"\nurl_scheme = "https"\n'
            f'[database]\npath = "{folder / name}.db"\n'
            f"[streaming]\nheartbeat_seconds = 1.0\n{accounts}"
        )
        self._program = Program(
            [setting_up.VENV / "bin" / "mastodon_mock", "serve", "--config", configuration,
             "--host", "127.0.0.1", "--port", str(self.port)],
            log=folder / f"{name}.log",
            environment=setting_up.environment(),
            folder=folder,
            ready=answers(f"{self.origin}/api/v2/instance"),
        )  # fmt: skip

    def start(self) -> None:
        """Start it, or start it again where it was killed."""
        self._program.start()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._program.kill()

    def member(self, name: str) -> Member:
        """Somebody who is on the server."""
        client = Client(
            access_token=_token(name), api_base_url=self.origin, version_check_mode="none"
        )
        return Member(name, str(client.me()["id"]), client)


def _token(name: str) -> str:
    return f"token of {name}".replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account, and a client that acts for them."""

    name: str
    id: str
    client: Any
