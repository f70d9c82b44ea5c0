"""The televisions' routes, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from litestar import Litestar, Router

from app.pages.screens.answers import failed, screen_headers
from app.pages.screens.door import pair, pairing
from app.pages.screens.stages import Stages
from app.pages.screens.television import screen_now, screen_page, screen_picture
from app.pages.screens.worker import worker
from app.screens.contact_book import ContactBook
from app.screens.sources import Sources

# Not among the pages' HANDLERS: they pass no session.
SCREEN_HANDLERS: Final = (
    Router(
        path="/",
        route_handlers=[pair, pairing, worker, screen_page, screen_now, screen_picture],
        exception_handlers={Exception: failed},
        include_in_schema=False,
    ),
)


@asynccontextmanager
async def televisions(application: Litestar) -> AsyncIterator[None]:
    """Open what screens are made of with the application, behind its boards; close it with it."""
    state = application.state
    engine = application.template_engine
    assert engine is not None, "create_app sets a template engine"
    state.screens = Sources(state.settings, state.pool, state.redis, state.boards)
    state.screen_headers = screen_headers(state.settings)
    state.stages = Stages(engine.engine, state.settings)
    state.contact_book = ContactBook(state.redis)
    try:
        yield
    finally:
        await state.contact_book.close()
