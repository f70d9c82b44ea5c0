"""`/screens/worker.js`: what answers a screen when nobody else does.

It is served here and not among the static files, for a service worker rules only what lies beside
it, and at one address, so that browsers find a new version of it.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from app.assets import DIRECTORY
from app.pages.screens.answers import DOOR


@get("/screens/worker.js", name="screens-worker", include_in_schema=False, sync_to_thread=False)
def worker(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The script."""
    body = (DIRECTORY / "screen-worker.js").read_bytes()
    # Its scope holds the door itself, which a player opens when it starts.
    more = {"Service-Worker-Allowed": DOOR, "Cache-Control": "no-cache"}
    return Response(
        body, media_type="text/javascript", headers={**request.app.state.screen_headers, **more}
    )
