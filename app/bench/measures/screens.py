"""From a leader's tap to the last team screen: web, live process and worker, all real."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any, Final

import asyncpg
import msgspec

from app.bench.company import found
from app.bench.decided import decided_contest
from app.bench.figure import Figure, quantile
from app.bench.processes import COMMAND, SERVER, TELEVISIONS, asked, running
from app.bench.room import Room
from app.bench.televisions import Job, Seen
from app.live.leave import leave
from app.live.screens import SCREENS, screen_topic
from app.screens.screens import add_screen, key_of
from app.screens.setting import Setting
from app.settings import Settings

_PEOPLE: Final = 20
_STEPS: Final = 4  # third, second, first, the three in a sentence
_WITHIN_S: Final = 1.0  # of each other, all screens show the same


async def measure(room: Room) -> list[Figure]:
    """One announcement and its steps, seen by all screens."""
    async with room.installation() as settings:
        now = datetime.now(UTC)
        connection = await asyncpg.connect(settings.require_database_url())
        try:
            await found(connection, _PEOPLE, now)
            contest, leader = await decided_contest(connection, now - timedelta(hours=1))
            room.tell("Hanging screens", 0, 2)
            screens = await _hung(connection, settings, room.scale.screens, now)
        finally:
            await connection.close()
        start = partial(running, settings=settings, directory=room.directory)
        async with (
            start(COMMAND, "worker", ready="worker_started"),
            start(SERVER, ready=settings.port),
            start(COMMAND, "live", ready=settings.live_port),
        ):
            room.tell("Announcing", 1, 2)
            job = Job(
                database_url=settings.require_database_url(),
                redis_url=settings.require_redis_url(),
                live_port=settings.live_port,
                web_port=settings.port,
                screens=screens,
                contest=contest,
                leader=leader,
                steps=_STEPS,
            )
            answer = await asked(TELEVISIONS, msgspec.msgpack.encode(job))
            room.tell("Announcing", 2, 2)
    return _figures(room, msgspec.msgpack.decode(answer, type=Seen))


async def _hung(connection: Any, settings: Settings, count: int, now: datetime) -> dict[str, str]:
    """Screens with the addresses of their streams, by key; every other one is passed by guests."""
    secret, made = settings.require_secret_key(), {}
    async with connection.transaction():
        for number in range(count):
            setting = Setting(f"Screen {number + 1}", audience="public" if number % 2 else "staff")
            screen = await add_screen(
                connection, setting, pairing_sha256=None, by=None, secret_key=secret, now=now
            )
            topics = (SCREENS, screen_topic(screen.id))
            given = leave(secret, topics, now)
            made[key_of(secret, screen.id)] = f"/live?leave={given}&board={','.join(topics)}"
    return made


def _figures(room: Room, seen: Seen) -> list[Figure]:
    every = [took for moment in seen.shown_s for took in moment]
    lasts = [max(moment) for moment in seen.shown_s]
    spreads = [max(moment) - min(moment) for moment in seen.shown_s]
    screens = f"{room.scale.screens:,} screens"
    return [
        Figure("leader's tap → shown by a screen, p50", quantile(every, 0.5), "s"),
        Figure("leader's tap → shown by a screen, p99", quantile(every, 0.99), "s"),
        Figure.of_rounds(f"leader's tap → shown by the last of {screens}", lasts, "s"),
        Figure("from the first screen to the last, usually", median(spreads), "s"),
        Figure("from the first screen to the last, at worst", max(spreads), "s", at_most=_WITHIN_S),
        Figure(f"steps missed by one of {screens}", float(seen.missed), at_most=0),
    ]
