"""A server that speaks Mastodon's API with its streams (mastodon_mock, one author's reading of it).

The people on it act by Mastodon's own client.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mastodon import Mastodon as Client

from tests.peers import setting_up
from tests.peers.running import Program, answers
from tests.ports import free_port


class Mastodon:
    """One server with those people on it, called `name`; another one is another server of the fediverse."""

    def __init__(self, folder: Path, name: str, people: Iterable[str]) -> None:
        self.name, self.port = name, free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        # What the settings of Fanfare say of it: the address that everybody knows, and where that is here.
        self.peer = f"https://{name}={self.origin}"
        accounts = "".join(
            f'[[seed.accounts]]\nusername = "{one}"\naccess_token = "{token_of(one)}"\n'
            for one in people
        )
        self._database = folder / f"{name}.db"
        configuration = folder / f"{name}.toml"
        configuration.write_text(
            f'domain = "{name}"\nurl_scheme = "https"\n'
            f'[database]\npath = "{self._database}"\n'
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
            access_token=token_of(name), api_base_url=self.origin, version_check_mode="none"
        )
        return Member(f"{name}@{self.name}", client.me()["id"], client)

    def tokens(self) -> set[str]:
        """All tokens that it takes."""
        with sqlite3.connect(self._database) as connection:
            return {row[0] for row in connection.execute("select access_token from oauth_tokens")}


def token_of(name: str) -> str:
    """By which somebody who was there from the beginning acts."""
    return f"token-of-{name}"


@dataclass(frozen=True, slots=True)
class Status:
    """A post or a boost: its number there, its name, who wrote it."""

    number: Any
    uri: str
    author: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account, and a client that acts for them."""

    name: str
    number: Any
    client: Any

    def post(self, text: str) -> Status:
        """Write a post."""
        return self._status(self.client.status_post(text))

    def reply(self, to: Status, text: str) -> Status:
        """Answer a post, with its author's name in it, as every app writes it there."""
        local = to.author.partition("@")[0]
        return self._status(self.client.status_post(f"@{local} {text}", in_reply_to_id=to.number))

    def boost(self, status: Status) -> Status:
        """Boost a post; what is answered is the boost."""
        return self._status(self.client.status_reblog(status.number))

    def favourite(self, status: Status) -> None:
        """Favour a post."""
        self.client.status_favourite(status.number)

    def follow(self, other: Member) -> None:
        """Follow somebody."""
        self.client.account_follow(other.number)

    def delete(self, status: Status) -> None:
        """Delete a post of one's own, or take back a boost by its own number."""
        self.client.status_delete(status.number)

    def _status(self, made: Any) -> Status:
        return Status(made["id"], made["uri"], self.name)
