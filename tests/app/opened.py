"""The web application, open in this process."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from app.asgi import create_app
from app.settings import Settings

# Made before and not open now: a test whose settings are equal opens one of them again, as a company
# does that starts anew. Making one costs a quarter of a second, and its templates as much again.
_MADE: OrderedDict[Settings, Litestar] = OrderedDict()
_KEPT = 4


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Litestar]:
    """The application with what it opens when it starts, closed again behind the test."""
    made = _MADE.pop(settings, None) or create_app(settings)
    started, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # In one task from beginning to end: pytest ends a fixture in another one than it began.
        try:
            async with made.lifespan():
                started.set()
                await over.wait()
        finally:
            started.set()

    task = asyncio.create_task(live())
    await started.wait()
    try:
        if not task.done():
            yield made
    finally:
        over.set()
        await task
    _keep(settings, made)


def _keep(settings: Settings, made: Litestar) -> None:
    for name in made.state.dict():
        del made.state[name]
    _MADE[settings] = made
    if len(_MADE) > _KEPT:
        _MADE.popitem(last=False)
