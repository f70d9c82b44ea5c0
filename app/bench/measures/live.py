"""From a signed delivery to changed rows in open browsers: web, worker, live process, all real."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

import asyncpg
import msgspec
import psutil

from app.bench.backlog import put, worked_off
from app.bench.browsers import Job, Seen
from app.bench.company import found
from app.bench.deeds import answered
from app.bench.figure import Figure, quantile
from app.bench.processes import BROWSERS, COMMAND, SERVER, asked, running
from app.bench.room import Room
from app.bench.signed import signed_requests
from app.pages.leaderboard.reader import HEADER, reader_key
from app.settings import Settings
from scoring import BoardKey, Period, starts_on

_PEOPLE = 200
_FETCHING = 50  # browsers whose fetch is followed; the others are held to the signal


async def measure(room: Room) -> list[Figure]:
    """One change after the other, seen by all."""
    async with room.installation() as settings:
        now = datetime.now(UTC)
        connection = await asyncpg.connect(settings.require_database_url())
        try:
            await found(connection, _PEOPLE, now)
            people = range(1, _PEOPLE + 1)
            bodies = [answered(n, f"first-{n}", f"first-{n}", now) for n in people]
            await put(connection, bodies, now)
            start = partial(running, settings=settings, directory=room.directory)
            async with (
                start(COMMAND, "worker", ready="worker_started"),
                start(SERVER, ready=settings.port),
                start(COMMAND, "live", ready=settings.live_port) as live,
            ):
                await worked_off(connection)
                room.tell("Browsers", 0, 1)
                seen = await _seen(room, settings, live, now)
                room.tell("Browsers", 1, 1)
        finally:
            await connection.close()
    return _figures(room, seen)


async def _seen(room: Room, settings: Settings, live: psutil.Process, now: datetime) -> Seen:
    board = BoardKey("points", Period.WEEK, starts_on(Period.WEEK, now, settings.timezone))
    # Always somebody near the top, so that the rows differ every time; people of odd numbers, for
    # those let every post count.
    bodies = [
        answered(1 + 2 * (n % 3), f"new-{n}", f"new-{n}", now) for n in range(room.scale.news)
    ]
    job = Job(
        live_port=settings.live_port,
        web_port=settings.port,
        stream=f"/live?{urlencode({'board': str(board)})}",
        event=board.element_id,
        block=f"/board/{board}",
        key={HEADER: reader_key(settings.require_secret_key(), now)},
        streams=room.scale.streams,
        fetching=min(_FETCHING, room.scale.streams),
        deliveries=signed_requests(
            bodies, settings.secrets_of("standard").every("secret")[0], "live"
        ),
        pid=live.pid,
    )
    return msgspec.msgpack.decode(await asked(BROWSERS, msgspec.msgpack.encode(job)), type=Seen)


def _figures(room: Room, seen: Seen) -> list[Figure]:
    open_streams = f"{room.scale.streams:,} open streams"
    return [
        Figure("delivery sent → signal heard, p50", quantile(seen.signalled_s, 0.5), "s"),
        Figure("delivery sent → signal heard, p99", quantile(seen.signalled_s, 0.99), "s"),
        Figure("delivery sent → rows changed, p50", quantile(seen.changed_s, 0.5), "s"),
        Figure("delivery sent → rows changed, p99", quantile(seen.changed_s, 0.99), "s", at_most=3),
        Figure(f"signals missed with {open_streams}", float(seen.missed), at_most=0),
        Figure("memory of the live process a stream", seen.kibibytes, "KiB", at_most=30),
    ]
