"""The leaderboard's rows when nothing changed, against the same server's empty GET handler."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import asyncpg
import httpx
import msgspec

from app.bench.backlog import put, worked_off
from app.bench.caller import Called, Job
from app.bench.company import found
from app.bench.deeds import answered
from app.bench.figure import Figure
from app.bench.processes import CALLER, COMMAND, SERVER, asked, running
from app.bench.room import Room
from app.bench.server import EMPTY
from app.bench.signed import request
from app.pages.leaderboard.reader import HEADER, reader_key
from app.settings import Settings
from scoring import BoardKey, Period, starts_on

_PEOPLE = 200
_CONNECTIONS = 32


async def measure(room: Room) -> list[Figure]:
    """Ask for the same rows again and again, knowing them (304) and not knowing them (200)."""
    async with room.installation() as settings:
        now = datetime.now(UTC)
        await _fill(room, settings, now)
        async with running(
            SERVER, settings=settings, directory=room.directory, ready=settings.port
        ):
            return await figures(room, settings, now)


async def _fill(room: Room, settings: Settings, now: datetime) -> None:
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        await found(connection, _PEOPLE, now)
        bodies = [
            answered(1 + n % _PEOPLE, f"outsider-{n}", f"deed-{n}", now)
            for n in range(_PEOPLE * 3)
        ]  # fmt: skip
        await put(connection, bodies, now)
        async with running(
            COMMAND, "worker",
            settings=settings, directory=room.directory, ready="worker_started",
        ):  # fmt: skip
            await worked_off(connection)
    finally:
        await connection.close()


async def figures(room: Room, settings: Settings, now: datetime) -> list[Figure]:
    """The week's board of points, asked of a server that runs with these settings."""
    board = BoardKey("points", Period.WEEK, starts_on(Period.WEEK, now, settings.timezone))
    path = f"/board/{board}"
    key = {HEADER: reader_key(settings.require_secret_key(), now)}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}") as client:
        first = await client.get(path, headers=key)
        first.raise_for_status()
    known = {**key, "if-none-match": first.headers["etag"]}
    empty, same, rows = [], [], []
    for n in range(room.scale.rounds):
        room.tell("The leaderboard's rows", n, room.scale.rounds)
        empty.append((await _called(room, settings, request("GET", EMPTY))).rate)
        same.append((await _called(room, settings, request("GET", path, headers=known))).rate)
        rows.append((await _called(room, settings, request("GET", path, headers=key))).rate)
    room.tell("The leaderboard's rows", room.scale.rounds, room.scale.rounds)
    shown = len(re.findall(rb'id="r-', first.content))
    return [
        Figure.of_rounds("rows the browser knows (304)", same, "/s"),
        Figure.of_rounds(f"rows in full ({shown} of them)", rows, "/s"),
        Figure.of_rounds("empty GET handler of the same server", empty, "/s"),
        Figure.of_rounds("304 ÷ empty GET", _ratios(same, empty), at_least=0.5),
        Figure.of_rounds("in full ÷ empty GET", _ratios(rows, empty), at_least=0.5),
        Figure("size of the rows", len(first.content) / 1024, "KiB"),
    ]


def _ratios(some: list[float], others: list[float]) -> list[float]:
    return [one / other for one, other in zip(some, others, strict=True)]


async def _called(room: Room, settings: Settings, ask: bytes) -> Called:
    job = Job(
        port=settings.port,
        requests=[ask],
        connections=min(_CONNECTIONS, room.scale.connections),
        seconds=room.scale.loop_s,
        again=True,
    )
    return msgspec.msgpack.decode(await asked(CALLER, msgspec.msgpack.encode(job)), type=Called)
