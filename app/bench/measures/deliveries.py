"""Signed deliveries accepted and stored a second, against the same server's empty POST handler.

A delivery is answered after its commit has reached the disk, so the ratio says what durability costs.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import asyncpg
import msgspec

from app.bench.caller import Called, Job
from app.bench.company import found
from app.bench.deeds import answered
from app.bench.figure import Figure, quantile
from app.bench.processes import CALLER, SERVER, asked, running
from app.bench.room import Room
from app.bench.server import BARE, EMPTY
from app.bench.signed import request, signed_requests
from app.settings import Settings

_MOST_A_SECOND = 25_000  # requests prepared; more than one Python process answers
_TEXT = "A believable answer of some length, as people write them. " * 8


async def measure(room: Room) -> list[Figure]:
    """Closed loops in turn, then one open loop at a fixed rate."""
    async with room.installation() as settings:
        connection = await asyncpg.connect(settings.require_database_url())
        try:
            await found(connection, 1, datetime.now(UTC))
        finally:
            await connection.close()
        async with running(
            SERVER, settings=settings, directory=room.directory, ready=settings.port
        ):
            return await figures(room, settings)


async def figures(room: Room, settings: Settings) -> list[Figure]:
    """What a server that runs with these settings takes."""
    scale, series = room.scale, itertools.count()
    accepted, of_framework, of_bare = [], [], []
    for n in range(scale.rounds):
        room.tell("Deliveries against the empty handler", n, scale.rounds + 1)
        of_bare.append((await _called(room, settings, [request("POST", BARE, _body(0))])).rate)
        of_framework.append(
            (await _called(room, settings, [request("POST", EMPTY, _body(0))])).rate
        )
        many = int(_MOST_A_SECOND * (scale.loop_s + 1))
        accepted.append((await _called(room, settings, _deliveries(settings, many, series))).rate)
    room.tell("Deliveries against the empty handler", scale.rounds, scale.rounds + 1)
    many = int(scale.rate * (scale.loop_s + 2)) + 1
    steady = await _called(room, settings, _deliveries(settings, many, series), scale.rate)
    room.tell("Deliveries against the empty handler", scale.rounds + 1, scale.rounds + 1)
    stored = await _stored(settings)
    ratios = [one / other for one, other in zip(accepted, of_framework, strict=True)]
    bare = [one / other for one, other in zip(accepted, of_bare, strict=True)]
    p50, p99 = (quantile(steady.took_s, share) * 1000 for share in (0.5, 0.99))
    return [
        Figure.of_rounds("deliveries accepted, signed and durable", accepted, "/s"),
        Figure.of_rounds("empty POST handler of the same server", of_framework, "/s"),
        Figure.of_rounds("bare ASGI function in the same server", of_bare, "/s"),
        Figure.of_rounds("accepted ÷ empty POST handler", ratios, at_least=0.6),
        Figure.of_rounds("accepted ÷ bare ASGI function", bare),
        Figure(f"answered when {scale.rate:,}/s are sent", steady.rate, "/s"),
        Figure(f"acknowledged at {scale.rate:,}/s, p50", p50, "ms"),
        Figure(f"acknowledged at {scale.rate:,}/s, p99", p99, "ms", at_most=50),
        Figure("not accepted", float(steady.failed), "", at_most=0),
        Figure("rows in the inbox afterwards", float(stored), ""),
    ]


async def _called(room: Room, settings: Settings, requests: list[bytes], rate: float = 0) -> Called:
    job = Job(
        port=settings.port,
        requests=requests,
        # An open loop needs connections in hand for the moments in which a commit takes long.
        connections=room.scale.connections * (4 if rate else 1),
        seconds=room.scale.loop_s,
        rate=rate,
        again=len(requests) == 1,
    )
    answer = await asked(CALLER, msgspec.msgpack.encode(job))
    return msgspec.msgpack.decode(answer, type=Called)


def _body(number: int) -> bytes:
    return answered(1, f"outsider-{number}", f"deed-{number}", datetime.now(UTC), _TEXT)


def _deliveries(settings: Settings, count: int, series: itertools.count[int]) -> list[bytes]:
    name = str(next(series))
    return signed_requests(
        (_body(n) for n in range(count)), settings.secrets_of("standard").every("secret")[0], name
    )


async def _stored(settings: Settings) -> int:
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        return int(await connection.fetchval("select count(*) from delivery"))
    finally:
        await connection.close()
