"""The web application, open in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from app.asgi import create_app
from app.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Litestar]:
    """The application with what it opens when it starts, closed again behind the test."""
    made = create_app(settings)
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
