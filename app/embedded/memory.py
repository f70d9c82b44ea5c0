"""How much memory the embedded PostgreSQL may keep for pages of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import psutil

_LEAST_MIB: Final = 128
_MOST_MIB: Final = 2048
# What a container is allowed (cgroup 2, cgroup 1); "max" or an astronomical number where there is no limit.
_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def memory(limits: tuple[Path, ...] = _LIMITS) -> int:
    """The bytes this process may count on: the machine's, or less where a container has a limit."""
    known = [psutil.virtual_memory().total]
    for limit in limits:
        text = limit.read_text().strip() if limit.is_file() else ""
        if text.isdecimal():
            known.append(int(text))
    return min(known)


def shared_buffers(of: int) -> str:
    """PostgreSQL's setting for a machine with so many bytes: an eighth, 128 MB at least, 2 GB at most.

    Half of what its manual (18, 19.4.1) thinks reasonable for a machine of its own: this one is shared with
    Redis, the web and the workers. Where a history is longer, every engagement finds more of it there.
    """
    return f"{min(max(of // 8 // 2**20, _LEAST_MIB), _MOST_MIB)}MB"
