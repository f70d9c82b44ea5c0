"""Bluesky's stream: a backlog of which one event in a thousand matters, from the socket to PostgreSQL.

A child process tells it as fast as it is heard; `fanfare listen` hears it as in an installation, with one
core at most, for it is one thread. The floor is reading the same events as JSON and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime
from statistics import median
from typing import Any

import asyncpg
import msgspec
import psutil

from app.bench.figure import Figure
from app.bench.jetstream import FIRST_US, Job, events, frame, ours
from app.bench.processes import COMMAND, JETSTREAM, running
from app.bench.room import Room, free_port
from app.settings import Settings
from scoring import Sieve, account_id, ensure_partitions, note_position, position_of, read_frame

_PEOPLE = 5_000
_EVERY = 1_000
_SIEVED = 50_000  # events that the parts of it are measured with
_PATIENCE_S = 600.0


async def measure(room: Room) -> list[Figure]:
    """Hear a backlog from its beginning to its end; then its parts alone."""
    by_core, by_clock = [], []
    for number in range(room.scale.rounds):
        room.tell("Bluesky", number, room.scale.rounds)
        async with room.installation() as settings:
            spent_s, took_s = await _heard(room, settings, room.scale.backlog)
        by_core.append(room.scale.backlog / spent_s)
        by_clock.append(room.scale.backlog / took_s)
    sieved, floors, framed = _parts()
    return [
        Figure.of_rounds(
            f"events of Bluesky heard by one core, {room.scale.backlog:,} from the socket to PostgreSQL",
            by_core, "/s", at_least=20_000,
        ),
        Figure.of_rounds(
            "… by the clock, whoever tells them and PostgreSQL on the same cores", by_clock, "/s"
        ),
        Figure("events of Bluesky sieved by one core", sieved, "/s"),
        Figure("… ÷ reading them as JSON", sieved / floors),
        Figure("frames of a server's own stream read by one core", framed, "/s"),
    ]  # fmt: skip


async def _heard(room: Room, settings: Settings, backlog: int) -> tuple[float, float]:
    """Seconds of the listener's own time, and by the clock, for the whole backlog."""
    port = free_port()
    settings = settings.with_secrets("bluesky", stream=f"ws://127.0.0.1:{port}")
    job = map(str, (port, backlog, _EVERY, _PEOPLE))
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        await _found(connection)
        stream = f"ws://127.0.0.1:{port}"
        await note_position(connection, stream, FIRST_US, datetime.now(UTC))
        async with (
            running(JETSTREAM, *job, settings=settings, directory=room.directory, ready="ready"),
            running(
                COMMAND, "listen", settings=settings, directory=room.directory, ready="stream_heard"
            ) as listener,
        ):
            began, before = time.monotonic(), _spent(listener)
            async with asyncio.timeout(_PATIENCE_S):
                await _reached(connection, stream, FIRST_US + backlog - 1)
            took_s, spent_s = time.monotonic() - began, _spent(listener) - before
        kept = await _kept(connection)
    finally:
        await connection.close()
    if kept != -(-backlog // _EVERY):
        raise RuntimeError(f"{kept} events were kept of {backlog // _EVERY}")
    return max(spent_s, 0.01), took_s


async def _reached(connection: Any, stream: str, last: int) -> None:
    while True:
        if await position_of(connection, stream) == last:
            return
        await asyncio.sleep(0.02)


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _kept(connection: Any) -> int:
    rows = await connection.fetch("select body from delivery where platform = 'bluesky'")
    return len({event["commit"]["rkey"] for row in rows for event in json.loads(row["body"])})


async def _found(connection: Any) -> None:
    """People with an account there, written straight into the tables."""
    now = datetime.now(UTC)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    await ensure_partitions(connection, now.date())
    await connection.execute(
        "insert into person (recorded_at) select $2 from generate_series(1, $1::int)",
        _PEOPLE,
        since,
    )
    names = [ours(number) for number in range(_PEOPLE)]
    accounts = [(account_id("bluesky", name), "bluesky", name, since) for name in names]
    await connection.copy_records_to_table(
        "account", columns=("id", "platform", "native_id", "recorded_at"), records=accounts
    )
    people = [row["id"] for row in await connection.fetch("select id from person order by id")]
    await connection.copy_records_to_table(
        "ownership",
        columns=("account_id", "effective_at", "person_id", "company", "counts", "recorded_at"),
        records=[
            (account[0], since, person, False, "every", since)
            for account, person in zip(accounts, people, strict=True)
        ],
    )


def _parts() -> tuple[float, float, float]:
    """Events a second: sieved, read as JSON, and read as a server's own frames."""
    told = list(events(Job(0, _SIEVED, _EVERY, _PEOPLE)))
    sieve = Sieve([ours(number) for number in range(_PEOPLE)])
    sieved, floors, framed = [], [], []
    framed_event = frame(told[1])
    for _ in range(3):
        began = time.process_time()
        kept = sum(1 for event in told if (heard := sieve.heard(event)) and heard.matters)
        sieved.append(_SIEVED / (time.process_time() - began))
        if kept != _SIEVED // _EVERY:
            raise RuntimeError(f"the sieve kept {kept} events of {_SIEVED // _EVERY}")
        began = time.process_time()
        for event in told:
            msgspec.json.decode(event)
        floors.append(_SIEVED / (time.process_time() - began))
        began = time.process_time()
        for _ in range(_SIEVED // 10):
            for event in read_frame(framed_event).events:
                sieve.heard(event)
        framed.append(_SIEVED // 10 / (time.process_time() - began))
    return median(sieved), median(floors), median(framed)
