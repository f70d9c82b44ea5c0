"""Answers that hold for a moment, each worked out once however many ask for it meanwhile.

Law: nobody is given an answer whose making began longer ago than it holds, so that whoever asks that
long after a change sees the change.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

V = TypeVar("V")


class Fresh(Generic[V]):
    """Answers by key; the least lately asked for are forgotten beyond `most`."""

    def __init__(self, holds_s: float, most: int = 512) -> None:
        self._holds_s = holds_s
        self._most = most
        self._made: OrderedDict[Hashable, tuple[float, asyncio.Task[V]]] = OrderedDict()

    async def get(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """The answer for a key, made by `make` if there is none that holds."""
        now = time.monotonic()
        began_at, task = self._made.get(key, (0.0, None))
        if task is None or now - began_at >= self._holds_s:
            # In a context of its own: a unit of work of who asks is not the others' too.
            task = asyncio.create_task(make(), context=contextvars.Context())
            self._made[key] = (now, task)
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        # Whoever goes away does not take the work of the others along.
        return task.result() if task.done() else await asyncio.shield(task)
