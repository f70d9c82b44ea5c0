"""Where the networks' traffic parts from the people's. Law: a delivery meets no middleware."""

from __future__ import annotations

from typing import cast

from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from app.webhooks.receive import PREFIX, Receiving


def in_front_of(application: ASGIApp, receiving: Receiving) -> ASGIApp:
    """Send what is below `/webhooks/` to `receiving`, past every middleware, and the rest on.

    A delivery needs no session, CSRF, compression or request log, and each of them costs as much
    as receiving does.
    """

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) == "http" and scope["path"].startswith(PREFIX):
            await receiving(cast(HTTPScope, scope), receive, send)
        else:
            await application(scope, receive, send)

    return door
