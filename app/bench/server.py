"""The web process as it is, with empty handlers beside the real ones to measure them against."""

from __future__ import annotations

import os
from typing import Any, Final

from litestar import get, post
from litestar.types import Receive, Scope, Send

from app.asgi import create_app
from app.processes.role import serve
from app.settings import Settings

EMPTY: Final = "/bench/empty"  # a handler of the framework's
BARE: Final = "/bench/bare"  # nothing but ASGI: reads the body and answers


@get(EMPTY, include_in_schema=False)
async def empty_get() -> None:
    """Answer nothing."""


@post(EMPTY, include_in_schema=False, status_code=200)
async def empty_post() -> None:
    """Answer nothing."""


_START: Final[Any] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"2")],
}
_BODY: Final[Any] = {"type": "http.response.body", "body": b"{}", "more_body": False}


def create() -> Any:
    """The application of `fanfare serve` and the empty handlers."""
    application = create_app()
    application.register(empty_get)
    application.register(empty_post)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") != BARE:
            await application(scope, receive, send)
            return
        while (await receive()).get("more_body", False):
            continue
        await send(_START)
        await send(_BODY)

    return either


def main() -> None:
    """Serve until told to end; settings come from the environment."""
    settings = Settings.from_environment(os.environ)
    serve("app.bench.server:create", settings, port=settings.port)
