"""Integrity in the worker: looking at what became known hours ago.

Laws: however much there is to look at, boards come first: a few people are looked at in between, a crowd of
them by a process of its own, which yields to what counts points. One worker at a time looks.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import structlog

import scoring
from app import logs
from app.embedded.process import dying_with
from app.settings import Settings

_log = structlog.get_logger(__name__)

EVERY_S: Final = 5.0
# So few are looked at within a tenth of a second or two; a company of a million has as many due a second.
_FEW: Final = 20
_NICE: Final = 5
_LEADER_LOCK: Final = 0x6C6F6F6B  # "look"
_COMMAND: Final = "from app.worker.watch import main; main()"


@dataclass(slots=True)
class Watch:
    """One process's rounds."""

    settings: Settings
    _leading_on: Any = field(default=None)

    async def tick(self, connection: Any) -> int:
        """Look at those who are due, if this process leads; returns 0, for it may then rest."""
        if self._leading_on is not connection:
            # A session's lock: it is free again the moment the leader's connection is gone.
            if not await connection.fetchval("select pg_try_advisory_lock($1)", _LEADER_LOCK):
                return 0
            self._leading_on = connection
            _log.info("watch_led")
        if await scoring.due_to_watch(connection, _FEW + 1) > _FEW:
            await self._elsewhere()
        else:
            await look_at_some(connection)
        return 0

    async def _elsewhere(self) -> None:
        """Have all who are due looked at by a process that ends with this one."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _COMMAND,
            stdin=asyncio.subprocess.DEVNULL,
            env={**os.environ, **self.settings.to_environment()},
            preexec_fn=dying_with(os.getpid(), signal.SIGTERM),
        )  # fmt: skip
        try:
            if await process.wait():
                _log.error("watch_process_failed", code=process.returncode)
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()


async def look_at_some(connection: Any) -> int:
    """Look at some of those who are due; returns how many."""
    done = await scoring.watch(connection, datetime.now(UTC))
    if done.cases:
        _log.info("cases_about_findings", people=done.people, cases=len(done.cases))
    return done.people


def main() -> None:
    """Look at everybody who is due, and end."""
    os.nice(_NICE)
    gc.freeze()
    logs.configure()
    asyncio.run(_everybody(Settings.from_environment(os.environ)))


async def _everybody(settings: Settings) -> None:
    connection = await asyncpg.connect(
        settings.require_database_url(),
        server_settings={"application_name": "fanfare watch"},
    )
    try:
        while await look_at_some(connection):
            pass
    finally:
        await connection.close()
