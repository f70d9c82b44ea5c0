"""Ending open streams when the process is told to end.

A server that ends gracefully waits for open responses, and a stream never ends by itself: without
this a stop would hang until the server is killed.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any


def when_told_to_end(do: Callable[[], None]) -> Callable[[], None]:
    """Call `do` in this loop on SIGTERM and SIGINT, before whoever handled them until now.

    Returns what puts the former handlers back. Off the main thread there are no signals to hear,
    and nothing is done.
    """
    loop = asyncio.get_running_loop()
    former: dict[signal.Signals, Any] = {}
    for told in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(told)

        def handle(number: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(do)
            if callable(before):
                before(number, frame)

        try:
            signal.signal(told, handle)
        except ValueError:  # not the main thread
            return lambda: None
        former[told] = before

    def put_back() -> None:
        for told, before in former.items():
            signal.signal(told, before)

    return put_back
