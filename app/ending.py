"""Ending tasks for certain.

Law: whoever is told to end ends, also where a library on the way (redis-py's and others' timeouts) takes the
cancellation for its own and goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

_AGAIN_S: Final = 5.0  # longer than whoever ends well needs to put things in order


async def ended(tasks: Iterable[asyncio.Task[Any]], again_s: float = _AGAIN_S) -> None:
    """Cancel them until they are done; what they ended with is nobody's any more."""
    every = list(tasks)
    waiting = {task for task in every if not task.done()}
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=again_s)
    for task in every:
        if not task.cancelled():
            task.exception()
