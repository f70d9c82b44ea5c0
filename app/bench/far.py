"""A database that is far away: a line to PostgreSQL on which every answer takes its time.

Where everything happens on one machine's cores, two workers cannot show that they add up. With a line
they wait for, they can: it leaves the cores idle and touches neither the machine nor the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from app.settings import Settings

_CHUNK = 2**16


@asynccontextmanager
async def far_away(settings: Settings, one_way_s: float) -> AsyncIterator[Settings]:
    """The same installation, its database at the end of a line that takes so long each way."""
    parts = urlsplit(settings.require_database_url())
    lines: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(parts.hostname, parts.port or 5432)
        for way in (_carry(reader, back, one_way_s), _carry(there, writer, one_way_s)):
            task = asyncio.create_task(way)
            lines.add(task)
            task.add_done_callback(lines.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    who = parts.netloc.rpartition("@")[0]
    try:
        yield replace(
            settings, database_url=urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{port}"))
        )
    finally:
        server.close()
        for task in list(lines):
            task.cancel()
        await asyncio.gather(*lines, return_exceptions=True)


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, one_way_s: float
) -> None:
    """Everything that comes, in order, each piece that much later; as much on the way as there is."""
    loop = asyncio.get_running_loop()
    way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def arrive() -> None:
        while True:
            due, piece = await way.get()
            await asyncio.sleep(max(due - loop.time(), 0))
            writer.write(piece)
            if not piece:
                return
            await writer.drain()

    arriving = asyncio.create_task(arrive())
    try:
        with suppress(ConnectionError):
            while piece := await reader.read(_CHUNK):
                way.put_nowait((loop.time() + one_way_s, piece))
        way.put_nowait((loop.time() + one_way_s, b""))
        with suppress(ConnectionError):
            await arriving
    finally:
        arriving.cancel()
        writer.close()
