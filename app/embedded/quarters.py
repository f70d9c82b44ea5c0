"""Where PostgreSQL's programs and data lie, and as whom it runs.

For a normal user: in the wheel, under the data directory, as that user. For root: as an
unprivileged account, which may be unable to reach either (a checkout under /root). Then programs
or data go to a directory of their own under /var/tmp, named after the data directory, and we say
so. No permission of any directory we did not make is ever changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from app.embedded.account import Account
from app.embedded.fault import ServiceFault


def tell_nobody(_: str) -> None:
    """For those who want no words."""


@dataclass(frozen=True)
class Quarters:
    """`cluster` is the data, `programs` the binaries, `account` None where we run as ourselves."""

    cluster: Path
    programs: Path
    account: Account | None

    def program(self, name: str) -> Path:
        """The path of PostgreSQL's program `name`."""
        return self.programs / "bin" / name

    @classmethod
    def found(
        cls, directory: Path, *, user: str, installed: Path, tell: Callable[[str], None]
    ) -> Self:
        """The quarters for the data directory `directory`, made where they are missing."""
        root = os.geteuid() == 0
        # Ours to make, so ours to open: the account passes through, and lists nothing.
        directory.mkdir(mode=0o711 if root else 0o700, parents=True, exist_ok=True)
        cluster = directory / "cluster"
        if not root:
            _refuse_foreign(cluster)
            return cls(cluster, installed, None)
        # What exists already stays with the account that owns it.
        existing = next((c for c in (cluster, _aside(directory) / "cluster") if c.exists()), None)
        account = Account.owning(existing) if existing else Account.named(user)
        if existing is None and not account.can_execute(directory):
            existing = _made_aside(directory) / "cluster"
            tell(
                f"The account '{account.name}' cannot reach {directory}; "
                f"the database's files lie in {existing.parent}."
            )
        cluster = existing or cluster
        if not account.can_execute(cluster.parent):
            raise ServiceFault(
                f"PostgreSQL runs as '{account.name}', who owns {cluster} but cannot reach it. "
                "Let that account pass through the directories above, or choose another "
                "FANFARE_DATA_DIR."
            )
        return cls(cluster, _programs_for(account, installed, directory, tell), account)


def _refuse_foreign(cluster: Path) -> None:
    try:
        owner = cluster.stat().st_uid if cluster.exists() else os.geteuid()
    except PermissionError:
        owner = -1
    if owner != os.geteuid():
        raise ServiceFault(
            f"The database in {cluster} belongs to another account. Run Fanfare as the one who "
            "made it, or choose another FANFARE_DATA_DIR."
        )


def _programs_for(
    account: Account, installed: Path, directory: Path, tell: Callable[[str], None]
) -> Path:
    if account.can_execute(installed / "bin" / "postgres"):
        return installed
    version = hashlib.sha256((installed / "bin" / "postgres").read_bytes()).hexdigest()[:12]
    copy = _made_aside(directory) / f"programs-{version}"
    if not copy.exists():
        tell(f"The account '{account.name}' cannot run {installed}; copying it to {copy}.")
        half = copy.with_name(copy.name + ".new")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(installed, half, symlinks=True, ignore=shutil.ignore_patterns("include"))
        half.rename(copy)
    if not account.can_execute(copy / "bin" / "postgres"):
        raise ServiceFault(
            f"The account '{account.name}' can run neither {installed} nor a copy in {copy}. "
            "Install Fanfare where that account may run programs, or use a server of your own "
            "(FANFARE_DATABASE_URL)."
        )
    return copy


def _aside(directory: Path) -> Path:
    name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    return Path("/var/tmp") / f"fanfare-{os.geteuid()}-{name}"  # noqa: S108 - checked when made


def _made_aside(directory: Path) -> Path:
    aside = _aside(directory)
    try:
        aside.mkdir(mode=0o711)
    except FileExistsError:
        # Anybody may make a name in /var/tmp: trust only what is ours, a real directory, closed.
        found = aside.lstat()
        ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
        if not ours or found.st_mode & 0o022:
            raise ServiceFault(
                f"{aside} was made by somebody else. Remove it, or choose another FANFARE_DATA_DIR."
            ) from None
    else:
        aside.chmod(0o711)  # whatever the umask says
    return aside


def remove_aside(directory: Path) -> None:
    """Removes what was put under /var/tmp for `directory`, if anything was."""
    shutil.rmtree(_aside(directory.resolve()), ignore_errors=True)
