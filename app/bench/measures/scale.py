"""A company of up to a million people with up to fifty million engagements behind it, and the floors.

The same new engagements, looks and rebuilding at every size of the history: none may grow with it.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import asyncpg
from redis.asyncio import Redis

from app.bench import floors, naive
from app.bench.backlog import put, settled, worked_off
from app.bench.deeds import a_while_ago
from app.bench.figure import Figure
from app.bench.measures import deliveries, page
from app.bench.processes import COMMAND, SERVER, kibibytes, peak, running
from app.bench.room import Room
from app.bench.timed import both, timed
from app.settings import Settings
from scoring import (
    BoardKey,
    Boards,
    Period,
    Whom,
    ensure_partitions,
    keep_past,
    rebuild,
    starts_on,
    verify,
)
from seeds.scale import Newest, Size, load

_TOP = 50
_LOOKED_AT = 5_000  # people whose points are counted again: the last ones, who are like any others
_FIRST = 1_000  # engagements that are not measured yet: they find what is to be made once
_SCORED = 10_000  # a second, at any size
_PAGES = 2
_SCORING = "engagements scored by one worker"
_GROUP_BY = """
select o.person_id, e.kind, date_trunc('day', e.occurred_at), count(*)
from engagement e join ownership o on o.account_id = e.target_id
where o.person_id >= $1 group by 1, 2, 3
"""


async def measure(room: Room) -> list[Figure]:
    """Every size in an installation of its own."""
    figures: list[Figure] = []
    scored: list[Figure] = []
    for people, engagements in room.scale.sizes:
        async with room.installation() as settings:
            # Without departments: their boards are built one after the other when somebody scores for
            # the first time, and would be while it is measured how much is scored.
            size = Size(people, engagements, datetime.now(UTC), departments=0, offices=0)
            figures += await loaded(room, settings, size)
            found = await measured(room, settings, size)
        scored += [figure for figure in found if _SCORING in figure.words]
        figures += found
    if len(scored) > 1:
        largest, smallest = scored[-1].value, scored[0].value
        figures.append(
            Figure("scored at the largest ÷ at the smallest history", largest / smallest,
                   at_least=0.8)
        )  # fmt: skip
    return figures


async def loaded(room: Room, settings: Settings, size: Size) -> list[Figure]:
    """Load the company; how long it took."""
    started = time.perf_counter()
    rows = await load(
        settings.require_database_url(), size, zone=settings.timezone,
        tag=settings.disclosure_tag, directory=room.directory, tell=room.tell,
    )  # fmt: skip
    took_s = time.perf_counter() - started
    connection = await asyncpg.connect(settings.require_database_url(), command_timeout=None)
    try:
        # What a database that lives on has by itself.
        await connection.execute("vacuum analyze")
        await _past(room, connection, settings)
        disk = await connection.fetchval("select pg_database_size(current_database())")
    finally:
        await connection.close()
    words = _words(size)
    return [
        Figure(f"{words}: loaded, with their entries, totals and indexes", took_s, "s"),
        Figure(f"{words}: entries in the ledger", float(rows["entry"])),
        Figure(f"{words}: on the disk", disk / 2**30, "GiB"),
    ]


async def _past(room: Room, connection: asyncpg.Connection, settings: Settings) -> None:
    """How boards lay that are over: the clock makes it bit by bit, which would take it half an hour."""
    now, made = datetime.now(UTC), 0
    while more := await keep_past(connection, now, settings.timezone):
        made += more
        room.tell("Keeping how past boards lay", made, made)


async def measured(room: Room, settings: Settings, size: Size, series: int = 0) -> list[Figure]:
    """What an installation does that has so much behind it; batches differ from series to series."""
    words, figures = _words(size), []
    for step, part in enumerate(_PARTS):
        room.tell(f"At {words}", step, len(_PARTS))
        figures += await part(room, settings, size, series)
    room.tell(f"At {words}", len(_PARTS), len(_PARTS))
    return [replace(figure, words=f"{words}: {figure.words}") for figure in figures]


async def _scoring(room: Room, settings: Settings, size: Size, series: int) -> list[Figure]:
    newest, now = Newest(size, settings.disclosure_tag, series), datetime.now(UTC)
    connection = await asyncpg.connect(settings.require_database_url(), command_timeout=None)
    try:
        await ensure_partitions(connection, now.date())  # loaded last month, measured in this one
        floor = await floors.copied(connection)
        async with running(
            COMMAND, "worker",
            settings=settings, directory=room.directory, ready="worker_started",
        ) as worker:  # fmt: skip
            # What is made once is not the engagements' to pay: posts, boards that nobody scored on yet.
            await put(connection, newest.posts(now - timedelta(hours=2)), now)
            await put(connection, newest.bodies(_FIRST, a_while_ago(now), now), now)
            await worked_off(connection)
            await settled(connection)
            rounds = []
            for _ in range(room.scale.rounds):
                bodies = list(newest.bodies(room.scale.batch, a_while_ago(now), now))
                await put(connection, bodies, now)
                rounds.append(len(bodies) / await worked_off(connection))
            memory = kibibytes(worker) / 1024
    finally:
        await connection.close()
    return [
        Figure.of_rounds(_SCORING, rounds, "/s", at_least=_SCORED),
        Figure("memory of the worker afterwards", memory, "MiB"),
        Figure("floor: bare COPY of engagements, with indexes", floor, "/s"),
        Figure("scored ÷ bare COPY", max(rounds) / floor),
    ]


async def _boards(room: Room, settings: Settings, size: Size, series: int) -> list[Figure]:
    """The largest board alone, all of them by the command, then looks at the largest."""
    zone, now = settings.timezone, datetime.now(UTC)
    board = BoardKey("followers", Period.ALL, starts_on(Period.ALL, now, zone))
    async with (
        asyncpg.create_pool(settings.require_database_url(), min_size=1, max_size=2) as pool,
        Redis.from_url(settings.require_redis_url()) as redis,
    ):
        await redis.flushdb()
        bare = await floors.added(redis, size.people)
        async with pool.acquire() as connection:
            started = time.perf_counter()
            people = await rebuild(connection, redis, board, zone)
            one_s = time.perf_counter() - started
        await redis.flushdb()
        started = time.perf_counter()
        memory = await peak(
            COMMAND, "rebuild-boards", "--quiet", settings=settings, directory=room.directory
        )
        all_s = time.perf_counter() - started
        built = [key async for key in redis.scan_iter(match="*:state", count=1000)]
        held = (await redis.info("memory"))["used_memory"]
        boards, rng = Boards(pool, redis, zone), Random(1)

        async def look() -> object:
            return await boards.view(board, limit=_TOP, person_id=1 + rng.randrange(size.people))

        try:
            ranking = board.part("ranking")
            top = await timed(
                lambda: redis.zrevrange(ranking, 0, _TOP - 1, withscores=True), room.scale.looks
            )
            view = await timed(look, room.scale.looks)
        finally:
            await boards.close()
    return [
        Figure(f"a board of {people:,} rebuilt from totals", one_s, "s", at_most=10),
        Figure("the same people into bare Redis (ZADD)", bare, "s"),
        Figure("rebuilt ÷ bare ZADD", one_s / bare),
        Figure(f"all {len(built)} running boards rebuilt by the command", all_s, "s"),
        Figure("most memory of that command", memory, "MiB"),
        Figure("memory of Redis with all boards", held / 2**20, "MiB"),
        *both(f"bare ZREVRANGE of {_TOP}", top),
        *both(f"top {_TOP}, own rank, neighbours", view, p99_at_most=1.0),
    ]


async def _anew(room: Room, settings: Settings, size: Size, series: int) -> list[Figure]:
    """A page that keeps nothing and adds the ledger up whenever somebody looks."""
    now = datetime.now(UTC)
    connection = await asyncpg.connect(settings.require_database_url(), command_timeout=None)
    try:
        someone = size.ranked(size.people // 2)
        week = await naive.page(connection, now - timedelta(days=7), someone, _PAGES)
        whole = await naive.page(connection, size.begins_at, someone, _PAGES)
    finally:
        await connection.close()
    return [
        Figure.of_rounds("a look counted anew, the last week", week, "s"),
        Figure.of_rounds("a look counted anew, all time", whole, "s"),
    ]


async def _again(room: Room, settings: Settings, size: Size, series: int) -> list[Figure]:
    """Some people counted again from the facts, against one GROUP BY over the same people's."""
    connection = await asyncpg.connect(settings.require_database_url(), command_timeout=None)
    try:
        since = max(1, size.people - _LOOKED_AT + 1)
        started = time.perf_counter()
        rows = await connection.fetch(_GROUP_BY, since)
        plain_s = time.perf_counter() - started
        deeds = sum(row["count"] for row in rows)
        started = time.perf_counter()
        done = await verify(connection, zone=settings.timezone, whom=Whom(since=since))
        again_s = time.perf_counter() - started
        if not done.agrees:
            raise RuntimeError(f"the recount differs: {done.differences[0]}")
    finally:
        await connection.close()
    return [
        Figure(f"engagements counted again, of {done.people:,} people", done.deeds / again_s, "/s"),
        Figure("the same in one GROUP BY", deeds / plain_s, "/s"),
        Figure("counted again ÷ GROUP BY", done.deeds / again_s / (deeds / plain_s), at_least=0.5),
    ]


async def _doors(room: Room, settings: Settings, size: Size, series: int) -> list[Figure]:
    """Deliveries accepted and the leaderboard's rows, against the empty handlers."""
    async with running(SERVER, settings=settings, directory=room.directory, ready=settings.port):
        accepted = await deliveries.figures(room, settings)
        rows = await page.figures(room, settings, datetime.now(UTC))
    ratio = [figure for figure in accepted if "÷ empty" in figure.words or "p99" in figure.words]
    return [*ratio, *(figure for figure in rows if "÷ empty" in figure.words)]


# Boards first: while a worker scores, all of them are live.
_PARTS = (_boards, _scoring, _anew, _again, _doors)


def _words(size: Size) -> str:
    return f"{size.engagements / 1e6:g} million" if size.engagements >= 100_000 else (
        f"{size.engagements:,}"
    )  # fmt: skip
