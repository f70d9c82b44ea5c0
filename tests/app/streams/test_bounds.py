"""Laws of listening to whoever does not mean well, or is not well: nobody waits without end, nobody asks
without a pause, and who is told to end ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from websockets.asyncio.server import ServerConnection, serve

from app.ending import ended
from app.going_out import going_out
from app.settings import Settings
from app.streams import Listener, Stream, channel, running, taking_in
from app.streams.mastodon import Ears
from scoring import note_position
from tests.app.streams.instances import instance
from tests.app.streams.test_bluesky import ada, jetstream, listening
from tests.app.streams.test_mastodon import linked, person, settings_of, until

__all__ = ["ada", "person"]
NEVER = asyncio.Event  # nobody sets it


async def test_who_takes_a_cancellation_for_its_own_is_told_again() -> None:
    swallowed = 0

    async def deaf() -> None:
        nonlocal swallowed
        while swallowed < 3:
            try:
                await NEVER().wait()
            except asyncio.CancelledError:
                swallowed += 1
        await NEVER().wait()

    async def broken() -> None:
        raise ValueError("a fault of before")

    tasks = [asyncio.create_task(one()) for one in (deaf, broken)]
    await asyncio.sleep(0)
    async with asyncio.timeout(60):
        await ended(tasks, again_s=0.01)
    assert swallowed == 3
    assert all(task.done() for task in tasks)


@asynccontextmanager
async def dripping(head: bytes) -> AsyncIterator[str]:
    """A server that sends a head, then letters for ever."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        try:
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.01)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nx: "], ids=["nothing", "a head"])
@pytest.mark.parametrize("opened", [channel.by_lines, channel.by_socket])
async def test_a_stream_whose_head_comes_letter_by_letter_is_given_up(
    opened: Any, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "_OPEN_S", 0.3)
    async with dripping(head) as origin, going_out(Settings(peers=(origin,))) as outside:
        async with asyncio.timeout(60):
            with pytest.raises(Exception) as fault:
                async with opened(outside, origin, "t", whole=False):
                    pass
    assert not isinstance(fault.value, asyncio.CancelledError)


async def test_what_is_asked_for_again_letter_by_letter_is_a_gap(
    connection: asyncpg.Connection, database_url: str
) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n"
    async with dripping(head) as origin, going_out(Settings(peers=(origin,))) as outside:
        listener = Listener(
            Stream.of(origin.replace("http", "ws")),
            lambda: asyncpg.connect(database_url),
            outside=outside,
        )
        taking = listener._taking_in
        taking.rereads_s = 0.2
        heap = taking._gathering.heap
        heap.untold |= {f"did:plc:ours{n}" for n in range(50)}
        async with asyncio.timeout(60):
            await taking._reread(connection, heap)
    assert taking._gathering.gaps == 50
    assert heap.reread == []


async def test_a_server_that_refuses_every_position_is_asked_later_and_later(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    came: list[float] = []

    async def refuse(socket: ServerConnection) -> None:
        came.append(time.monotonic())
        await socket.send('{"error": "FutureCursor", "message": "no"}')
        await socket.wait_closed()

    async with serve(refuse, "127.0.0.1", 0) as server:
        address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await note_position(connection, address, 5, datetime.now(UTC))
        ending = asyncio.Event()
        listener = Listener(Stream.of(address), lambda: asyncpg.connect(database_url))
        task = asyncio.create_task(listener.run(ending))

        await until(lambda: len(came) >= 3)
        ending.set()
        await task
    # At once the first time, a second later the next: however fast the machine is.
    assert came[2] - came[1] >= 1.0


async def test_a_stream_of_the_whole_network_that_says_nothing_is_opened_anew(
    database_url: str, ada: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_in, "_SILENT_S", 0.0)
    async with jetstream([]) as server, listening(server.address, database_url):
        await until(lambda: len(server.asked) >= 2)


async def test_a_server_that_never_says_a_byte_keeps_nobody_from_ending(
    connection: asyncpg.Connection, database_url: str, ada: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_ENDS_S", 0.2)
    held = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    settings = Settings(database_url=database_url).with_secrets("bluesky", stream=(address,))
    task = asyncio.create_task(running.run(settings))
    async with asyncio.timeout(120):
        await held.wait()
        task.cancel()
        await asyncio.wait([task])
    assert task.cancelled()
    server.close()


async def test_an_ear_that_ended_by_a_fault_of_ours_listens_again(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    await linked(connection, person, "pumpco@social.example")
    async with instance("social.example") as server:
        server.tokens["t"] = "pumpco"
        settings = settings_of(database_url, (server, "t"))
        async with (
            going_out(settings) as outside,
            asyncpg.create_pool(database_url, min_size=0, max_size=2) as pool,
        ):
            ears = Ears(settings, outside, pool, lambda: asyncpg.connect(database_url), 0.05)
            ending = asyncio.Event()
            task = asyncio.create_task(ears.run(ending))

            await until(lambda: server.listening("pumpco"))
            await ended(ears._hearing.values())
            server.hang_up()
            await until(lambda: server.listening("pumpco"))
            ending.set()
            await task
