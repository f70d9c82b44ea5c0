"""A user's stream at a server of Mastodon, by server-sent events or by WebSocket, event after event.

Law: whichever way it comes, it says the same; what is too long is passed over; silence beyond the server's
own heart-beat is an end, and every end is an error.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.going_out import Outside, OutsideAway
from app.streams.instance import TokenRefused
from scoring import EventLines, StreamEvent, read_socket_event

_SILENT_S: Final = 60.0  # a server's heart beats every 15 s
_OPEN_S: Final = 15.0
_CLOSES_S: Final = 1.0
_MOST_MESSAGE: Final = 4 * 1024 * 1024  # beyond it the connection ends; what is read is far smaller
# Bytes of one connection, heart-beats and all; then it is opened anew, later and later where that was soon: a
# server that anybody may run must not keep a processor busy with nothing.
_MOST_HEARD: Final = 256 << 20
_TOLD_OFF: Final = "{origin} opens no stream ({status})."


@asynccontextmanager
async def by_lines(
    outside: Outside, origin: str, token: str, *, whole: bool
) -> AsyncIterator[AsyncIterator[StreamEvent]]:
    """The stream as server-sent events, once it is open. `whole`: the home timeline too, else
    notifications alone. Raises TokenRefused, NotReachable, and httpx's own."""
    path = "/api/v1/streaming/user" if whole else "/api/v1/streaming/user/notification"
    headers = {
        "authorization": f"Bearer {token}",
        "accept": "text/event-stream",
        "accept-encoding": "identity",
    }
    timeout = httpx.Timeout(_OPEN_S, read=_SILENT_S)
    address = f"{origin}{path}"
    asked = outside.client.stream("GET", address, headers=headers, timeout=timeout)
    async with AsyncExitStack() as opened:
        async with asyncio.timeout(_OPEN_S):  # all of the head: it may come letter by letter
            answer = await opened.enter_async_context(asked)
        _opened(origin, answer.status_code)
        yield _told_in_lines(origin, answer)


async def _told_in_lines(origin: str, answer: httpx.Response) -> AsyncIterator[StreamEvent]:
    lines, left = EventLines(), _MOST_HEARD
    async for piece in answer.aiter_raw():
        for told in lines.feed(piece):
            yield told
        left -= len(piece)
        if left < 0:
            raise OutsideAway(f"{origin} said enough on one connection.")
    raise OutsideAway(f"{origin} ended the stream.")


@asynccontextmanager
async def by_socket(
    outside: Outside, origin: str, token: str, *, whole: bool
) -> AsyncIterator[AsyncIterator[StreamEvent]]:
    """The same by WebSocket. Raises TokenRefused, NotReachable, and websockets' own."""
    async with asyncio.timeout(_OPEN_S):
        host, port, secure = await outside.transport.place(origin)
    stream = "user" if whole else "user:notification"
    try:
        async with connect(
            f"{'wss' if secure else 'ws'}://{urlsplit(origin).netloc}/api/v1/streaming?stream={stream}",
            host=host,
            port=port,
            additional_headers={"Authorization": f"Bearer {token}"},
            open_timeout=_OPEN_S,
            close_timeout=_CLOSES_S,
            max_size=_MOST_MESSAGE,
        ) as socket:
            yield _told_in_frames(socket)
    except InvalidStatus as refusal:
        _opened(origin, refusal.response.status_code)
        raise


async def _told_in_frames(socket: Any) -> AsyncIterator[StreamEvent]:
    while True:  # its end is an exception; that it lives is looked after by pings
        if (told := read_socket_event(await socket.recv(decode=False))) is not None:
            yield told


def _opened(origin: str, status: int) -> None:
    if status == 401:
        raise TokenRefused(f"{origin} opens no stream for the token ({status}).")
    if status != 200:
        raise OutsideAway(_TOLD_OFF.format(origin=origin, status=status))
