"""Both embedded services under one data directory, owned by one process, usable by many.

The first process starts them and holds a lock for as long as it lives; while it does, others on
the same data directory attach: the addresses lie in services.json, readable by our account only.
When the owner ends, however it ends, so do the services.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.embedded.fault import ServiceFault
from app.embedded.memory import memory, shared_buffers
from app.embedded.postgres import Postgres
from app.embedded.quarters import remove_aside, tell_nobody
from app.embedded.valkey import Valkey
from app.settings import Settings

_ATTACH_TIMEOUT_S = 60.0  # the owner may be recovering after a crash

# The directories this process holds the lock of.
_owned: set[Path] = set()


class DataDirInUse(ServiceFault):
    """Another process owns the services under this data directory."""


@dataclass(frozen=True)
class _Notice:
    """What the owner leaves for others: services.json."""

    pid: int
    database_url: str
    redis_url: str


@contextlib.contextmanager
def services(
    settings: Settings, *, tell: Callable[[str], None] = tell_nobody, alone: bool = False
) -> Iterator[Settings]:
    """The settings with both addresses filled in, for as long as the context lasts.

    An address that is set stays; a missing one is that of an embedded service under
    `settings.data_dir`: a running one is used, else it is started here and ended here. With
    `alone` a running one is refused (DataDirInUse). ServiceFault when it cannot be had. Use it
    from the main thread.
    """
    if settings.database_url and settings.redis_url:
        yield settings
        return
    directory = _made(settings.data_dir)
    with _lock(directory) as ours:
        if not ours:
            notice = _notice_of_owner(directory)
            if alone:
                raise DataDirInUse(
                    f"Fanfare already runs on {directory} (process {notice.pid}). Stop it first, "
                    "or choose another directory with --data-dir."
                )
            yield _filled(settings, notice.database_url, notice.redis_url)
            return
        with contextlib.ExitStack() as stack:
            # Both, even when one is named: whoever attaches may need the other.
            postgres = Postgres(
                directory / "postgres",
                user=settings.postgres_user,
                settings={"shared_buffers": shared_buffers(memory())},
                tell=tell,
            )
            stack.enter_context(postgres)
            valkey = stack.enter_context(Valkey(directory / "valkey"))
            notice = _Notice(os.getpid(), postgres.url, valkey.url)
            stack.callback(_leave(directory, notice))
            yield _filled(settings, postgres.url, valkey.url)


def erase(data_dir: Path) -> None:
    """Removes all embedded data under `data_dir`; DataDirInUse while a process runs on it."""
    if not data_dir.exists():
        return
    directory = data_dir.resolve()
    with _lock(directory) as ours:
        if not ours:
            raise DataDirInUse(f"Fanfare runs on {directory}. Stop it before erasing its data.")
        for name in ("postgres", "valkey"):
            shutil.rmtree(directory / name, ignore_errors=True)
        remove_aside(directory / "postgres")


def _made(data_dir: Path) -> Path:
    try:
        # As root, the account that PostgreSQL runs as must pass through (and lists nothing).
        data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as refused:
        raise ServiceFault(
            f"The data directory {data_dir} cannot be made ({refused.strerror}). "
            "Choose another with --data-dir or FANFARE_DATA_DIR."
        ) from None
    return data_dir.resolve()


@contextlib.contextmanager
def _lock(directory: Path) -> Iterator[bool]:
    """Whether the directory is ours; the kernel lets the lock go when we die."""
    if directory in _owned:
        yield False  # ours already: closing the file once more would let the lock go
        return
    try:
        descriptor = os.open(directory / "services.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        raise ServiceFault(
            f"{directory} belongs to another account. Run Fanfare as the one who made it, or "
            "choose another directory with --data-dir or FANFARE_DATA_DIR."
        ) from None
    try:
        # Of the kind that children made by fork do not share: a server's worker that outlives its
        # killed parent must not keep the directory locked.
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        yield False
        return
    _owned.add(directory)
    try:
        # What a killed owner left is not about us.
        (directory / "services.json").unlink(missing_ok=True)
        yield True
    finally:
        _owned.discard(directory)
        os.close(descriptor)


def _leave(directory: Path, notice: _Notice) -> Callable[[], None]:
    """Writes services.json in one step; returns what removes it."""
    file = directory / "services.json"
    half = directory / "services.json.new"
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        json.dump(vars(notice), opened)
    half.replace(file)
    return lambda: file.unlink(missing_ok=True)


def _notice_of_owner(directory: Path) -> _Notice:
    deadline = time.monotonic() + _ATTACH_TIMEOUT_S
    while True:
        try:
            return _Notice(**json.loads((directory / "services.json").read_text()))
        except FileNotFoundError:
            if time.monotonic() > deadline:
                raise DataDirInUse(
                    f"Another Fanfare holds {directory}, but its database did not come up within "
                    f"{_ATTACH_TIMEOUT_S:.0f} s. Look at where it was started."
                ) from None
            time.sleep(0.1)


def _filled(settings: Settings, database_url: str, redis_url: str) -> Settings:
    return replace(
        settings,
        database_url=settings.database_url or database_url,
        redis_url=settings.redis_url or redis_url,
    )
