"""`/`: the leaderboard. One address for the page, and for the parts htmx asks it for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from litestar import Litestar, Request, Response, get

from app.auth.guards import signed_in
from app.council import KeptCouncil
from app.pages.contests.running import RunningContests
from app.pages.fragment import environment, page, wanted
from app.pages.heard import HeardLately
from app.pages.leaderboard.blocks import Blocks
from app.pages.leaderboard.look import Look
from scoring import Boards

TEMPLATE: Final = "leaderboard/page.html"


@get("/", guards=[signed_in], name="leaderboard")
async def leaderboard(request: Request[Any, Any, Any]) -> Response[str]:
    """Show a board, or the part of the page that htmx renews."""
    asked = wanted(request, environment(request).get_template(TEMPLATE))
    if asked == "wall":
        return page(request, TEMPLATE, await Look(request).wall())
    if asked == "running":
        return page(request, TEMPLATE, await Look(request).running())
    context = await Look(request).board()
    return page(request, TEMPLATE, {**context, "asked": asked})


@asynccontextmanager
async def boards_and_blocks(application: Litestar) -> AsyncIterator[None]:
    """Open this process's boards and blocks with the application, and close them with it."""
    state = application.state
    setting = state.settings.timezone_at_first
    engine = application.template_engine
    assert engine is not None, "create_app sets a template engine"
    state.boards = Boards(state.pool, state.redis, setting)
    state.council = KeptCouncil(state.pool)
    state.blocks = Blocks(
        state.boards,
        state.pool,
        engine.engine,
        setting,
        state.settings.require_secret_key(),
        state.council,
    )
    state.running_contests = RunningContests()
    state.heard = HeardLately(state.pool, setting)
    try:
        yield
    finally:
        await state.boards.close()


HANDLERS: Final = [leaderboard]
