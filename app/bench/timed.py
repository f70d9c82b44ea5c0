"""How long something takes, asked many times: the median, and what one in a hundred waits."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from app.bench.figure import Figure, quantile

_WARM_UP = 50


async def timed(ask: Callable[[], Awaitable[object]], times: int) -> list[float]:
    """The milliseconds of every time, after some that do not count."""
    took = []
    for n in range(times + _WARM_UP):
        started = time.perf_counter()
        await ask()
        if n >= _WARM_UP:
            took.append((time.perf_counter() - started) * 1000)
    return took


def both(words: str, took_ms: list[float], p99_at_most: float | None = None) -> list[Figure]:
    """What half of them took at most, and all but one in a hundred."""
    return [
        Figure(f"{words}, p50", quantile(took_ms, 0.5), "ms"),
        Figure(f"{words}, p99", quantile(took_ms, 0.99), "ms", at_most=p99_at_most),
    ]
