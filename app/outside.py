"""What the internet may reach of Fanfare, and nothing else.

Law: whatever is asked of the second listener below no other prefix than these is a 404, before anything
of the application sees it.
"""

from __future__ import annotations

from typing import Final

from litestar.types import ASGIApp, Receive, Scope, Send

# Networks' deliveries and handshakes, tracked links, the way back from a network's consent page.
PREFIXES: Final = ("/webhooks/", "/s/", "/oauth/")
_NOTHING: Final = b"There is nothing here."


def is_outside(path: str) -> bool:
    """Whether an address belongs to what may be reached from outside."""
    return path.startswith(PREFIXES)


def nothing_else(application: ASGIApp) -> ASGIApp:
    """Let through what may be reached from outside; say 404 to the rest."""

    async def gate(scope: Scope, receive: Receive, send: Send) -> None:
        kind = str(scope["type"])
        if kind == "lifespan" or (kind == "http" and is_outside(scope["path"])):
            await application(scope, receive, send)
        elif kind == "http":
            await send(
                {
                    "type": "http.response.start",
                    "status": 404,
                    "headers": [
                        (b"content-type", b"text/plain; charset=utf-8"),
                        (b"content-length", str(len(_NOTHING)).encode()),
                        (b"x-content-type-options", b"nosniff"),
                        (b"cache-control", b"no-store"),
                    ],
                }
            )
            await send({"type": "http.response.body", "body": _NOTHING, "more_body": False})
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})

    return gate
