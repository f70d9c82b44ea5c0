"""One open stream, from its first frame to its end."""

from __future__ import annotations

import asyncio
import random
from typing import Final

from litestar.types import Receive, Send

from app.live.hub import Hub
from app.live.listener import Listener
from app.live.request import Wanted

HEARTBEAT_S: Final = 15.0  # proxies give up on a silent response after 30 to 60 s
_HEARTBEAT: Final = b": still here\n\n"
# After a restart the browsers come back over some seconds, not all at once.
_COME_BACK_MS: Final = (1000, 4000)


async def stream(
    hub: Hub,
    wanted: Wanted,
    receive: Receive,
    send: Send,
    headers: list[tuple[bytes, bytes]],
    heartbeat_s: float = HEARTBEAT_S,
    lasts_s: float | None = None,
) -> None:
    """Send frames until the browser or this process goes, or the leave to watch ends."""
    listener = Listener(wanted.events, wanted.known, wanted.quiet)
    over = lasts_s and asyncio.get_running_loop().call_later(lasts_s, listener.close)
    gone = asyncio.create_task(_until_gone(receive, listener))
    try:
        await hub.join(listener)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        frames = f"retry: {random.randint(*_COME_BACK_MS)}\n\n".encode() + listener.frames()
        while not listener.closed:
            await send({"type": "http.response.body", "body": frames, "more_body": True})
            frames = await _next(listener, heartbeat_s)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except OSError:
        pass  # the browser went while we sent: nobody is left to tell
    finally:
        hub.leave(listener)
        gone.cancel()
        if over:
            over.cancel()


async def _next(listener: Listener, heartbeat_s: float) -> bytes:
    """The next frames, or a heartbeat; nothing when the stream ends."""
    while not listener.closed:
        try:
            async with asyncio.timeout(heartbeat_s):
                await listener.stirred.wait()
        except TimeoutError:
            return _HEARTBEAT
        if frames := listener.frames():
            return frames
    return b""


async def _until_gone(receive: Receive, listener: Listener) -> None:
    """Wait for the browser to go; a GET has no body worth reading."""
    while (await receive())["type"] != "http.disconnect":
        continue
    listener.close()
