"""From the outbox to the boards, with PostgreSQL and Redis as they are."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from scoring.boards import (
    SIGNALS,
    BoardNotBuilt,
    Boards,
    apply,
    ensure,
    is_ready,
    publish,
    read,
    read_signal,
    rebuild,
    republish_newly_effective,
    republish_person,
)
from scoring.boards.bracketed import brackets_of
from scoring.boards.fallback import read_slowly
from scoring.boards.outbox import _TAKE, _bracketed, _by_board
from scoring.boards.rebuild import _claim, _fill, _finish, _totals
from scoring.boards.standing import HANDOVER_LOCK
from tests.scoring.boards.company import ZONE, Company, board

NOW = datetime.now(UTC)


async def ranking(redis: Redis, audience: str = "all") -> list[tuple[int, int]]:
    view = await read(redis, board(audience), NOW, ZONE)
    assert view is not None
    return [(row.person_id, row.value) for row in view.top]


async def test_a_total_reaches_everyones_the_departments_and_the_offices_board(
    company: Company, redis: Redis
) -> None:
    department, office = await company.department("Sales"), await company.office("Kyoto")
    ana = await company.person("Ana", department, office)
    audiences = ("all", f"department-{department}", f"office-{office}")
    for audience in audiences:
        await ensure(company.connection, redis, board(audience), ZONE)
    await company.score(ana, 11)
    done = await publish(company.connection, redis, ZONE)
    assert done.rows == 1
    assert set(done.versions) == {board(audience) for audience in audiences}
    for audience in audiences:
        assert await ranking(redis, audience) == [(ana, 11)]
    assert (await publish(company.connection, redis, ZONE)).rows == 0


@pytest.mark.parametrize(
    ("visibility", "state"),
    [("hidden", "active"), ("name", "paused"), ("name", "left"), ("name", None)],
)
async def test_who_is_hidden_paused_gone_or_never_joined_is_not_on_a_board(
    company: Company, redis: Redis, visibility: str, state: str | None
) -> None:
    await ensure(company.connection, redis, board(), ZONE)
    ana = await company.person("Ana", visibility=visibility, state=state)
    bo = await company.person("Bo")
    await company.score(ana, 11)
    await company.score(bo, 5)
    await publish(company.connection, redis, ZONE)
    assert await ranking(redis) == [(bo, 5)]
    await rebuild(company.connection, redis, board(), ZONE)
    assert await ranking(redis) == [(bo, 5)]


async def test_hiding_takes_effect_by_the_outbox_and_so_does_coming_back(
    company: Company, redis: Redis
) -> None:
    await ensure(company.connection, redis, board(), ZONE)
    ana = await company.person("Ana")
    await company.score(ana, 11)
    await publish(company.connection, redis, ZONE)
    for visibility, expected in (("hidden", []), ("alias", [(ana, 11)])):
        async with company.connection.transaction():
            await company.connection.execute(
                "update profile set visibility = $2, alias = 'Fox' where person_id = $1",
                ana,
                visibility,
            )
            assert await republish_person(company.connection, ana) == 1
        await publish(company.connection, redis, ZONE)
        assert await ranking(redis) == expected


async def test_an_alias_stands_before_everyone_and_never_before_a_department_or_an_office(
    company: Company, redis: Redis, boards: Boards
) -> None:
    department, office = await company.department("Pumps"), await company.office("Oslo")
    ana = await company.person("Ana", department, office, alias="Fox")
    bo = await company.person("Bo", department, office)
    everyone = board()
    groups = (board(f"department-{department}"), board(f"office-{office}"))
    for each in (everyone, *groups):
        await ensure(company.connection, redis, each, ZONE)
    await company.score(ana, 11)
    await company.score(bo, 5)
    await publish(company.connection, redis, ZONE)
    for _ in ("as published", "as built"):
        assert await ranking(redis) == [(ana, 11), (bo, 5)]
        for group in groups:
            assert await ranking(redis, group.audience) == [(bo, 5)]
            slow = await read_slowly(company.connection, group, person_id=ana)
            assert [row.person_id for row in slow.top] == [bo]
            for view in (slow, await boards.view(group, person_id=ana)):
                assert view.own is not None
                assert (view.own.rank, view.own.public) == (1, False)
        for each in (everyone, *groups):
            await rebuild(company.connection, redis, each, ZONE)


async def test_a_pause_dated_ahead_begins_when_it_begins(company: Company, redis: Redis) -> None:
    await ensure(company.connection, redis, board(), ZONE)
    ana = await company.person("Ana")
    await company.score(ana, 11)
    begins = datetime.now(UTC) + timedelta(seconds=1.5)
    await company.enrol(ana, "paused", begins)
    await republish_person(company.connection, ana)
    await publish(company.connection, redis, ZONE)
    assert await ranking(redis) == [(ana, 11)]
    await asyncio.sleep((begins - datetime.now(UTC)).total_seconds() + 0.1)
    told = await republish_newly_effective(
        company.connection, begins - timedelta(minutes=1), datetime.now(UTC)
    )
    await publish(company.connection, redis, ZONE)
    assert told == 1
    assert await ranking(redis) == []


async def test_who_changes_department_leaves_the_old_board_and_stands_on_the_new_one(
    company: Company, redis: Redis
) -> None:
    old, new = await company.department("Sales"), await company.department("Research")
    ana = await company.person("Ana", old)
    for department in (old, new):
        await ensure(company.connection, redis, board(f"department-{department}"), ZONE)
    await company.score(ana, 11)
    await publish(company.connection, redis, ZONE)

    async def move(to: int, left: int) -> None:
        async with company.connection.transaction():
            await company.connection.execute(
                "update profile set department_id = $2 where person_id = $1", ana, to
            )
            await republish_person(company.connection, ana, left=[f"department-{left}"])

    await move(new, left=old)
    await publish(company.connection, redis, ZONE)
    assert await ranking(redis, f"department-{old}") == []
    assert await ranking(redis, f"department-{new}") == [(ana, 11)]
    # There and back before anyone published: the last word is where the person is now.
    await move(old, left=new)
    await move(new, left=old)
    await publish(company.connection, redis, ZONE)
    assert await ranking(redis, f"department-{old}") == []
    assert await ranking(redis, f"department-{new}") == [(ana, 11)]


async def test_without_redis_nothing_leaves_the_outbox(company: Company) -> None:
    ana = await company.person("Ana")
    await company.score(ana, 11)
    nowhere = Redis(host="127.0.0.1", port=1)
    with pytest.raises(RedisError):
        await publish(company.connection, nowhere, ZONE)
    await nowhere.aclose()
    assert await company.connection.fetchval("select count(*) from outbox") == 1


async def test_a_row_for_a_board_that_is_not_there_is_let_go_and_the_board_is_built_with_it(
    company: Company, redis: Redis
) -> None:
    ana = await company.person("Ana")
    await company.score(ana, 11)
    done = await publish(company.connection, redis, ZONE)
    assert done.missing == {board()}
    assert await company.connection.fetchval("select count(*) from outbox") == 0
    assert await ensure(company.connection, redis, board(), ZONE)
    assert not await ensure(company.connection, redis, board(), ZONE)
    assert await ranking(redis) == [(ana, 11)]


async def test_a_killed_publisher_loses_nothing(
    company: Company, redis: Redis, database_url: str
) -> None:
    await ensure(company.connection, redis, board(), ZONE)
    ana = await company.person("Ana")
    await company.score(ana, 11)
    doomed = await asyncpg.connect(database_url)
    pid = doomed.get_server_pid()
    await doomed.transaction().start()
    assert len(await doomed.fetch(_TAKE, 10, 0)) == 1
    doomed.terminate()
    while await company.connection.fetchval("select count(*) from pg_locks where pid = $1", pid):
        await asyncio.sleep(0.005)
    await publish(company.connection, redis, ZONE)
    assert await ranking(redis) == [(ana, 11)]


async def test_two_publishers_at_once_share_the_work_and_leave_the_newest(
    company: Company, redis: Redis, database_url: str
) -> None:
    await ensure(company.connection, redis, board(), ZONE)
    people = [await company.person(f"P{n}") for n in range(20)]
    for value in range(1, 11):
        for person_id in people:
            await company.score(person_id, value * 1000 + person_id)

    async def work() -> int:
        mine = await asyncpg.connect(database_url)
        rows = 0
        while done := (await publish(mine, redis, ZONE, limit=7)).rows:
            rows += done
        await mine.close()
        return rows

    rows = await asyncio.gather(*(work() for _ in range(3)))
    assert sum(rows) == 200
    assert dict(await ranking(redis)) == {person: 10_000 + person for person in people}


async def test_a_signal_names_the_changed_board_and_its_version(
    company: Company, redis: Redis
) -> None:
    await ensure(company.connection, redis, board(), ZONE)
    await company.score(await company.person("Ana"), 11)
    async with redis.pubsub() as listening:
        await listening.subscribe(SIGNALS)
        await listening.get_message(timeout=30)
        done = await publish(company.connection, redis, ZONE)
        message = await listening.get_message(ignore_subscribe_messages=True, timeout=30)
    assert message is not None
    told = read_signal(message["data"])
    assert told is not None
    assert (told.board, told.version) == (str(board()), done.versions[board()])


async def test_flushed_at_any_moment_under_load_the_boards_are_whole_again_within_seconds(
    company: Company, redis: Redis, pool: asyncpg.Pool, boards: Boards
) -> None:
    people = [await company.person(f"P{n}") for n in range(30)]
    for person_id in people:
        await company.score(person_id, 1)
    await ensure(company.connection, redis, board(), ZONE)
    loaded = asyncio.Event()

    async def load() -> None:
        for value in range(2, 21):
            for person_id in people:
                await company.score(person_id, value * 100 + person_id % 7)
            await asyncio.sleep(0)
        loaded.set()

    async def work() -> None:
        while True:
            async with pool.acquire() as connection:
                done = await publish(connection, redis, ZONE, limit=50)
                for missing in done.missing:
                    if missing.is_running(datetime.now(UTC), ZONE):
                        # Flushed quicker than it is built: the next round tries again.
                        with suppress(BoardNotBuilt):
                            await ensure(connection, redis, missing, ZONE)
            if not done.rows:
                if loaded.is_set():
                    return
                await asyncio.sleep(0.001)

    async def flush() -> None:
        while not loaded.is_set():
            await asyncio.sleep(0.03)
            await redis.flushdb()

    async def look() -> None:
        while not loaded.is_set():
            view = await boards.view(board())
            assert view.size == 30, "nobody ever sees half a board"
            await asyncio.sleep(0.005)

    await asyncio.wait_for(asyncio.gather(load(), work(), work(), flush(), look()), 60)
    expected = [(person, 2000 + person % 7) for person in people]
    view = await boards.view(board())
    assert view.source == "redis"
    assert {(row.person_id, row.value) for row in view.top} == set(expected)
    assert await is_ready(redis, board())


async def test_a_builder_that_lost_the_build_to_a_flush_takes_nothing_from_who_builds_now(
    company: Company, redis: Redis
) -> None:
    """The first one claimed it, and reads the totals only when its successor is nearly done."""
    ana = await company.person("Ana")
    await company.score(ana, 11)
    await _claim(redis, board(), "first")
    await redis.flushdb()
    await _claim(redis, board(), "second")
    async with _totals(company.connection, redis, board(), "second") as batches:
        async for batch in batches:
            assert await _fill(redis, board(), batch, "second")
    async with _totals(company.connection, redis, board(), "first") as batches:
        async for batch in batches:
            assert not await _fill(redis, board(), batch, "first")
    assert await _finish(redis, board(), "first", 0) == 0
    assert await _finish(redis, board(), "second", 0) > 0
    assert await ranking(redis) == [(ana, 11)]


async def test_whoever_left_before_a_build_began_is_not_brought_back_by_old_news(
    company: Company, redis: Redis, database_url: str
) -> None:
    """A publisher read "in Sales", then Ana left Sales, and the board of Sales is built."""
    sales = await company.department("Sales")
    ana = await company.person("Ana", sales)
    await company.score(ana, 11)
    # Her bracket was noted before, as in most moments: of two who note it at once, one waits.
    told = await company.connection.fetch(_TAKE, 10, 0)
    await brackets_of(company.connection, _bracketed(told), ZONE)
    slow = await asyncpg.connect(database_url)
    reading = slow.transaction()
    await reading.start()
    await slow.execute("select pg_advisory_xact_lock_shared($1)", HANDOVER_LOCK)
    taken = await slow.fetch(_TAKE, 10, 0)
    held = _by_board(taken, await brackets_of(slow, _bracketed(taken), ZONE))
    await company.connection.execute("update profile set department_id = null")
    await republish_person(company.connection, ana, left=[f"department-{sales}"])
    other = await asyncpg.connect(database_url)
    # Before it is built: whoever asks for the lock after a builder waits behind it, and so for the slow one.
    await publish(other, redis, ZONE)
    building = asyncio.create_task(
        rebuild(company.connection, redis, board(f"department-{sales}"), ZONE)
    )
    await asyncio.sleep(0.1)
    assert not building.done()
    for key, rows in held.items():
        await apply(redis, key, rows, 0)
    await reading.commit()
    await building
    await publish(other, redis, ZONE)
    assert await ranking(redis, f"department-{sales}") == []
    await slow.close()
    await other.close()
