"""The unprivileged account PostgreSQL runs as when Fanfare itself is run by root.

PostgreSQL refuses to run as root. We use an account that exists already and never make one, and we
never loosen the permissions of anybody's directory: what the account cannot reach is put where it
can.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from app.embedded.fault import ServiceFault

# Exists on every Linux and macOS, owns nothing, may nothing.
DEFAULT_ACCOUNT = "nobody"


@dataclass(frozen=True)
class Account:
    """An account of this machine that a child process can be started as."""

    name: str
    uid: int
    gid: int

    @classmethod
    def named(cls, name: str) -> Self:
        """The account `name`; a ServiceFault when it does not exist or is root."""
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            raise ServiceFault(
                f"PostgreSQL does not run as root, and there is no account '{name}' to run it as. "
                "Name an existing unprivileged account in FANFARE_POSTGRES_USER."
            ) from None
        if entry.pw_uid == 0:
            raise ServiceFault(
                f"FANFARE_POSTGRES_USER is '{name}', which is root; PostgreSQL refuses that. "
                "Name an unprivileged account."
            )
        return cls(name, entry.pw_uid, entry.pw_gid)

    @classmethod
    def owning(cls, path: Path) -> Self:
        """The account that owns `path`."""
        return cls.named(pwd.getpwuid(path.stat().st_uid).pw_name)

    def as_child(self) -> dict[str, Any]:
        """What subprocess needs to start a child as this account, without root's groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_execute(self, path: Path) -> bool:
        """Whether this account can run the file, or enter the directory, at `path`."""
        # Asked of the kernel, as the account itself: mode bits alone miss ACLs and mount options.
        probe = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(probe, cwd="/", **self.as_child()).returncode == 0

    def give(self, path: Path) -> None:
        """Makes this account the owner of `path`."""
        os.chown(path, self.uid, self.gid)
