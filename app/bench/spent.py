"""What counting costs in CPU: the workers themselves and PostgreSQL on their behalf."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psutil

_BACKENDS = "select pid from pg_stat_activity where application_name = 'fanfare worker'"


async def spent_s(connection: Any, workers: Sequence[psutil.Process]) -> float:
    """CPU seconds so far of these workers, and of their sessions in PostgreSQL where it runs here."""
    sessions = [row["pid"] for row in await connection.fetch(_BACKENDS)]
    return sum(map(_cpu_s, workers)) + sum(map(_session_s, sessions))


def _session_s(pid: int) -> float:
    try:
        process = psutil.Process(pid)
        # On a server elsewhere that number is somebody else's, or nobody's.
        return _cpu_s(process) if process.name().startswith("postgres") else 0.0
    except psutil.Error:
        return 0.0


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
