"""The demo's own installation under one directory: its settings with fresh secrets, and a note that it
is a demo. Law: only a directory with that note is ever filled again, continued or wiped."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from app.embedded import erase
from seeds.filling import fresh_secrets
from seeds.personas import COMPANY, MASTODON_HOST, PERSONAS, SECOND_HR
from seeds.words import DISCLOSURE_TAG

NOTE = "demo.json"


class NotADemo(Exception):
    """The directory holds something else; the text says what to do."""


@dataclass
class Demo:
    """What a demo must know to continue. `links`: the secret of each persona's sign-in link."""

    seed: int
    people: int
    days: int
    filled: bool = False
    links: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, directory: Path) -> Self | None:
        """The demo in a directory; None when it is empty or not there. NotADemo otherwise."""
        try:
            return cls(**json.loads((directory / NOTE).read_text()))
        except FileNotFoundError:
            pass
        except (ValueError, TypeError):
            raise NotADemo(f"{directory / NOTE} cannot be read; begin anew with --fresh.") from None
        if directory.exists() and any(
            (directory / name).exists() for name in ("postgres", "valkey")
        ):
            raise NotADemo(
                f"{directory} holds data that no demo made; it stays untouched. "
                "Choose another directory: fanfare --data-dir .fanfare-demo demo"
            )
        return None

    def note(self, directory: Path) -> None:
        """Writes it down, readable by its owner only."""
        _write(directory / NOTE, json.dumps(asdict(self), indent=1))


def prepare(directory: Path, *, seed: int, people: int, days: int) -> Demo:
    """The demo in a directory; a new one gets its settings and secrets. NotADemo."""
    demo = Demo.of(directory)
    keys = [*(persona.key for persona in PERSONAS), SECOND_HR]
    if demo is not None:
        _complete(directory / "fanfare.env")
        if missing := [key for key in keys if key not in demo.links]:
            demo.links |= {key: secrets.token_urlsafe(32) for key in missing}
            demo.note(directory)
        return demo
    demo = Demo(seed, people, days, links={key: secrets.token_urlsafe(32) for key in keys})
    # As root, the account PostgreSQL runs as must pass through (and lists nothing).
    directory.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    if not (directory / "fanfare.env").exists():
        _write(directory / "fanfare.env", _settings())
    demo.note(directory)
    return demo


def wipe(directory: Path) -> None:
    """Removes a demo's data, settings and logs. NotADemo; DataDirInUse while it runs."""
    broken = (directory / NOTE).exists()  # a note that cannot be read is a demo's all the same
    if not broken and Demo.of(directory) is None:
        return
    erase(directory)
    logs = [f"{role}.log" for role in ("web", "serve", "live", "worker", "listen")]
    for name in (NOTE, "fanfare.env", *logs):
        (directory / name).unlink(missing_ok=True)


def _settings() -> str:
    return f"""\
# The settings of this demo, with secrets made for it alone. `fanfare demo --fresh` makes new ones.
FANFARE_DEMO=yes
FANFARE_COMPANY_NAME={COMPANY}
FANFARE_DISCLOSURE_TAG=#{DISCLOSURE_TAG}
FANFARE_SECRET_KEY={secrets.token_urlsafe(48)}
FANFARE_MASTODON_SERVER={MASTODON_HOST}
FANFARE_X_CLIENT_SECRET={secrets.token_urlsafe(32)}
{_network_settings()}
"""


def _network_settings(known: str = "") -> str:
    """A line for each setting of a network that the settings do not name yet."""
    lines = [
        f"FANFARE_{network}_{name}".upper() + f"={secret}"
        for network, names in fresh_secrets().items()
        for name, secret in names.items()
    ]
    return "\n".join(line for line in lines if line.partition("=")[0] + "=" not in known)


def _complete(file: Path) -> None:
    """Adds what networks want that this demo did not speak when it was made."""
    known = file.read_text(encoding="utf-8") if file.exists() else ""
    if known and (missing := _network_settings(known)):
        _write(file, f"{known.rstrip()}\n{missing}\n")


def _write(file: Path, text: str) -> None:
    half = file.with_name(file.name + ".new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
    half.replace(file)
