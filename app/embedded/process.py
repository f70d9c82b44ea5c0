"""A server process that belongs to us: dies with us, is stopped by us, is found when left over.

On Linux the kernel signals the child when the thread that started it ends, however it ends; so
children are started from the main thread only. Where there is no such signal (macOS), the next
start finds the leftover by its pid file and its command line and stops it.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from app.embedded.account import Account
from app.embedded.fault import ServiceFault

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
# Loaded before any fork: a child between fork and exec must not import or allocate much.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/nonexistent", "TZ": "UTC"}
_LOG_LIMIT = 10_000_000  # bytes; a longer log is set aside once, as .1, at the next start

Child = subprocess.Popen[bytes]


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    account: Account | None = None,
    death_signal: signal.Signals,
) -> Child:
    """Starts `command` in a session of its own, its output appended to `log`.

    It gets `death_signal` when this process dies. Ctrl-C in a terminal does not reach it: we stop
    it ourselves, after those who use it.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("Start embedded services from the main thread: they die with it.")
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            command,
            cwd="/",
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dying_with(os.getpid(), death_signal),
            **(account.as_child() if account else {}),
        )
    finally:
        os.close(descriptor)


def dying_with(parent: int, death_signal: signal.Signals) -> Callable[[], None] | None:
    """What a child runs before its program so that the kernel ends it with us; None off Linux."""
    libc = _libc
    if libc is None:
        return None

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return prepare


def run(command: Sequence[str], *, account: Account | None = None, typed: str = "") -> None:
    """Runs a short-lived command to its end; a ServiceFault with its words if it fails."""
    done = subprocess.run(
        command,
        cwd="/",
        env=_ENVIRONMENT,
        input=typed,
        capture_output=True,
        text=True,
        **(account.as_child() if account else {}),
    )
    if done.returncode:
        words = (done.stdout + done.stderr).strip()
        raise ServiceFault(f"{Path(command[0]).name} failed: {words}")


def stop(child: Child, *, gently: signal.Signals, patience_s: float = 30) -> None:
    """Ends `child` by the signal `gently`; kills it when it takes longer than `patience_s`."""
    if child.poll() is None:
        child.send_signal(gently)
    try:
        child.wait(patience_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def end_leftover(pid_file: Path, *, program: str, mark: Path, gently: signal.Signals) -> None:
    """Stops the server that an earlier, killed run left behind, and drops its pid file.

    A pid file proves nothing: after a reboot its number belongs to somebody else. Only a process
    named `program` whose command line names `mark` is ours.
    """
    try:
        process = _named_in(pid_file)
        if process and program in process.name() and _mentions(process, mark):
            process.send_signal(gently)
            if not _ended(process, patience_s=30):
                process.kill()
                _ended(process, patience_s=10)
    except psutil.AccessDenied as denied:
        raise ServiceFault(
            f"{pid_file} names process {denied.pid}, which another account runs. "
            "Run Fanfare as the account that started it, or choose another FANFARE_DATA_DIR."
        ) from None
    except psutil.NoSuchProcess:
        process = None  # it went by itself while we looked
    pid_file.unlink(missing_ok=True)


def _named_in(pid_file: Path) -> psutil.Process | None:
    """The living process a pid file names; None too for a file that broke off while written."""
    try:
        return psutil.Process(int(pid_file.read_text().split()[0]))
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
        return None


def _ended(process: psutil.Process, *, patience_s: float) -> bool:
    """Waits for somebody else's child to end; in a container nobody may collect its remains."""
    deadline = time.monotonic() + patience_s
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _mentions(process: psutil.Process, mark: Path) -> bool:
    return any(str(mark) in part for part in process.cmdline())


def port_kept_in(file: Path) -> int:
    """A free loopback port: the one used last time if nobody took it, else a new one, noted."""
    try:
        remembered = int(file.read_text())
    except (FileNotFoundError, ValueError):
        remembered = 0
    for wanted in (remembered, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            port: int = probe.getsockname()[1]
        file.write_text(f"{port}\n")
        return port
    raise ServiceFault("There is no free TCP port on 127.0.0.1.")


def secret_kept_in(file: Path) -> str:
    """The secret in `file`, made on first use; only our own account can read it."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as opened:
        secret = secrets.token_urlsafe(24)
        opened.write(secret)
    return secret


def last_words(log: Path, limit: int = 1500) -> str:
    """The end of a log, for a message."""
    return log.read_text(errors="replace")[-limit:].strip() if log.exists() else ""
