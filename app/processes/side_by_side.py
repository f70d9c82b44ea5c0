"""Two roles under one command: what it is told they are told, and when one ends, all end.

Law: none survives us, and nobody has to guess that half of it runs: whoever starts us starts us again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from app.embedded.process import dying_with
from app.processes.role import ready_database
from app.settings import Settings

_PATIENCE_S = 20.0
_LOOK_EVERY_S = 0.2


def side_by_side(settings: Settings, roles: Sequence[Sequence[str]]) -> int:
    """Run `fanfare {role}` for each, until told to end or one ends by itself; the exit status.

    What our own settings were filled in with (the embedded services) they find in their environment; all
    else they read themselves, so that they can read it again.
    """
    ready_database(settings)
    environment = {
        **os.environ,
        "FANFARE_DATABASE_URL": settings.require_database_url(),
        "FANFARE_REDIS_URL": settings.require_redis_url(),
        "FANFARE_DATA_DIR": str(settings.data_dir.absolute()),
    }
    told: list[int] = []
    children: list[subprocess.Popen[bytes]] = []

    def tell(number: int, _: object) -> None:
        if number != signal.SIGHUP:
            told.append(number)
        for child in children:
            if child.poll() is None:
                child.send_signal(number)

    before = {
        one: signal.signal(one, tell) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    }
    try:
        for role in roles:
            child = subprocess.Popen(
                [sys.executable, "-c", "from app.cli import main; main()", *role],
                env=environment,
                stdin=subprocess.DEVNULL,
                # A Ctrl-C in the terminal is ours to pass on, once.
                start_new_session=True,
                preexec_fn=dying_with(os.getpid(), signal.SIGTERM),
            )
            children.append(child)
        while not told and all(child.poll() is None for child in children):
            time.sleep(_LOOK_EVERY_S)
        return 0 if told else max(1, *(child.poll() or 0 for child in children))
    finally:
        _end(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
