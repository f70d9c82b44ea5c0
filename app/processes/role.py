"""Running one role of Fanfare in this process: a server (web, live) or a worker.

The roles scale by number. Each starts on a migrated database only, ends cleanly when told to, and
leaves no process behind when it is killed.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

import structlog
import uvloop
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from app.database import MigrationFault, migrations_not_applied
from app.settings import Settings

_log = structlog.get_logger(__name__)

_BOTH_SERVE_S: Final = 15.0


def serve(
    target: str,
    settings: Settings,
    *,
    port: int,
    host: str | None = None,
    again: Callable[[], Settings] | None = None,
) -> None:
    """Serves the ASGI factory `target` (module:name) until told to end.

    The factory reads its settings from the environment, which is set from `settings` here. On SIGHUP
    `again` reads the settings anew; a process with the new ones takes over before the old one ends.
    """
    ready_database(settings)
    inherited = dict(os.environ)
    os.environ.update(settings.to_environment())
    _workers_die_with_us()
    # Loaded once, before there are workers: one that takes over later begins at once.
    import_module(target.partition(":")[0])
    server = Server(
        target,
        address=host or settings.host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        # One process a role: two on two cores gained 7 %, and each would cache for itself.
        workers=1,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        backlog=16384,
        # Its default is 1,024 requests under way, which as many open live streams use up.
        backpressure=20000,
        # A stream that does not end when asked is cut after this many seconds.
        workers_kill_timeout=10,
        respawn_failed_workers=True,
        # So long both serve when the settings are read again; starting takes a second, on a busy machine ten.
        respawn_interval=_BOTH_SERVE_S,
        log_level=LogLevels.warning,
    )
    if again is not None:
        server.on_reload(lambda: _read_again(inherited, settings, again))
    server.serve()


def _read_again(inherited: Mapping[str, str], old: Settings, again: Callable[[], Settings]) -> None:
    """Put the settings as they stand now into the environment; wrong ones change nothing."""
    held = dict(os.environ)
    _become(inherited)
    try:
        new = again()
        new.require_secret_key()  # a file that is just being written may be empty
    except Exception as fault:  # noqa: BLE001 - what runs must go on, whatever was typed
        _become(held)
        _log.error("settings_not_read_again", why=str(fault))
        return
    new = replace(new, database_url=old.database_url, redis_url=old.redis_url)
    os.environ.update(new.to_environment())
    _log.info("settings_read_again")


def _become(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def ready_database(settings: Settings) -> None:
    """Refuses to go on (MigrationFault) on a database that is not of this version."""
    missing = asyncio.run(migrations_not_applied(settings.require_database_url()))
    if missing:
        raise MigrationFault(
            f"The database lacks {len(missing)} of this version's migrations; "
            "run `fanfare migrate` first."
        )


def run_until_told(work: Coroutine[Any, Any, None]) -> None:
    """Runs `work`; SIGINT and SIGTERM cancel it, and its own clean-up is awaited."""

    async def until_told() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for told in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(told, task.cancel)
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()

    uvloop.run(until_told())


def _workers_die_with_us() -> None:
    """Has the kernel end granian's workers when this process is killed (Linux)."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    set_death_signal = 1  # PR_SET_PDEATHSIG, linux/prctl.h
    os.register_at_fork(
        after_in_child=lambda: libc.prctl(set_death_signal, int(signal.SIGTERM)),
    )
