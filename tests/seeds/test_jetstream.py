"""Law: Fanfare's listener hears the demo's stream as it hears Bluesky's, and goes on where it was."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from socket import socket
from typing import Any

import asyncpg
from websockets.asyncio.client import connect

from app.streams import Listener, Stream
from scoring import Named, link
from seeds.deeds import Deed
from seeds.faces import face_on
from seeds.jetstream import Jetstream
from seeds.scene import Scene
from seeds.traffic import Teller
from seeds.world import World, build_world

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def listening(address: str, database_url: str) -> AsyncIterator[None]:
    ending = asyncio.Event()
    listener = Listener(Stream.of(address), lambda: asyncpg.connect(database_url))
    task = asyncio.create_task(listener.run(ending))
    try:
        yield
    finally:
        ending.set()
        await task


async def heard(connection: asyncpg.Connection, events: int) -> list[Any]:
    told: list[Any] = []
    for _ in range(1200):
        rows = await connection.fetch("select body from delivery where platform = 'bluesky'")
        told = [one for row in rows for one in json.loads(row["body"])]
        if len(told) >= events:
            break
        await asyncio.sleep(0.05)
    return told


def deeds(world: World) -> list[Deed]:
    member = next(one for one in world.enrolled() if one.on("bluesky"))
    linked = member.on("bluesky")
    assert linked is not None
    rng, now = Random(1), datetime.now(UTC) - timedelta(seconds=30)
    scene = Scene(world, rng)
    wrote = scene.write(linked.face, now, "The quiet pump", ("pumps",))
    assert wrote.made is not None
    fan = face_on("bluesky", rng, "Mara de Wit", "mara", 9, "")
    return [wrote, scene.like(fan, wrote.made, now), scene.reply(fan, wrote.made, now)]


async def test_what_the_demo_tells_on_its_stream_is_heard_once_whoever_comes_back(
    database_url: str, connection: asyncpg.Connection
) -> None:
    world = build_world(4, 80)
    wrote, liked, answered = deeds(world)
    person = await connection.fetchval(
        "insert into person (recorded_at) values ($1) returning id", LONG_AGO
    )
    named = Named(wrote.actor.native_id, wrote.actor.handle)
    await link(connection, person, "bluesky", named, "every", LONG_AGO)
    teller = Teller(world, Random(2))

    async with Jetstream.served() as stream:
        async with listening(stream.address, database_url):
            while not await connection.fetchval("select count(*) from stream_position"):
                await asyncio.sleep(0.01)  # it hears what is told from then on
            for sending in teller.tell_together([wrote, liked]):
                stream.tell(sending.body)
            assert len(await heard(connection, 2)) == 2
        for sending in teller.tell(answered):
            stream.tell(sending.body)
        async with listening(stream.address, database_url):
            told = await heard(connection, 3)
    keys = [one["commit"]["rkey"] for one in told]
    assert len(set(keys)) == 3
    assert all(one["time_us"] > 0 for one in told)


async def test_on_a_port_that_somebody_calls_from_it_is_served_on_another() -> None:
    with socket() as heard_by, socket() as caller:
        heard_by.bind(("127.0.0.1", 0))
        heard_by.listen()
        caller.connect(heard_by.getsockname())
        taken = caller.getsockname()[1]
        async with Jetstream.served(taken) as stream:
            assert not stream.address.endswith(f":{taken}")
            async with connect(f"{stream.address}/subscribe"):
                pass
