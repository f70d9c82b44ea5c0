"""Brackets of boards: people with about as many followers stand among themselves."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from scoring.boards import Boards, build_eve, is_ready, publish, rebuild
from scoring.boards.bracketed import brackets_of
from scoring.boards.fallback import read_slowly
from scoring.boards.read import read
from scoring.brackets import BracketsRefused, between, brackets_on, set_brackets
from scoring.one_person import same_person
from scoring.periods import Period, bounds, first_day
from scoring.verify import verify
from tests.scoring.boards.company import MONTH, ZONE, Company, board

START_AT, _ = bounds(Period.MONTH, MONTH, ZONE)
OLD = START_AT - timedelta(days=30)
SMALL, MIDDLE, LARGE = (board(f"bracket-{n}") for n in (1, 2, 3))


async def followed(
    connection: asyncpg.Connection, person: int, *counts: tuple[timedelta, int]
) -> None:
    """Give a person an account, counted at moments around the start of the month."""
    account = uuid4()
    await connection.execute(
        "insert into account (id, platform, native_id, recorded_at) values ($1, 'mastodon', $2, $3)",
        account,
        account.hex,
        OLD,
    )
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, $2, $3, false, 'every', $2)""",
        account,
        OLD,
        person,
    )
    await connection.executemany(
        """insert into snapshot (account_id, followers, observed_at, source, recorded_at)
           values ($1, $2, $3, 'webhook', $3)""",
        [(account, followers, START_AT + after) for after, followers in counts],
    )


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=5, unique=True), st.integers(0, 10**7))
def test_every_number_of_followers_lies_in_one_bracket(limits: list[int], followers: int) -> None:
    found = [
        one
        for one in between(sorted(limits))
        if one.at_least <= followers and (one.below is None or followers < one.below)
    ]
    assert len(found) == 1


async def test_people_stand_among_those_with_about_as_many_followers_and_stay_there(
    connection: asyncpg.Connection, redis: Redis
) -> None:
    company = Company(connection)
    day = timedelta(days=1)
    few, some, many, unknown, later, hidden, alias = [
        await company.person(
            name,
            visibility="hidden" if name == "Hid" else "name",
            alias="Owl" if name == "Ali" else None,
        )
        for name in ("Few", "Some", "Many", "Unknown", "Later", "Hid", "Ali")
    ]
    await followed(connection, few, (-day, 499))
    await followed(connection, some, (-2 * day, 9000), (-day, 500), (day, 9_000))
    await followed(connection, many, (-day, 4_000))
    await followed(connection, many, (-day, 1_000))  # two accounts together
    await followed(connection, later, (day, 80_000))  # nobody knew when the month began
    for person in (hidden, alias):
        await followed(connection, person, (-day, 700))
    for person in (few, some, many, unknown, later, hidden, alias):
        await company.score(person, person)
    now = datetime.now(UTC)
    told = await publish(connection, redis, ZONE)
    # Nobody opened one: none is built beside the boards that always run.
    assert told.missing == {board()}
    for one in (SMALL, MIDDLE, LARGE):
        await rebuild(connection, redis, one, ZONE)

    async def stand() -> list[set[int]]:
        seen = []
        for one in (SMALL, MIDDLE, LARGE):
            view = await read(redis, one, now, ZONE)
            slow = await read_slowly(connection, one)
            assert view is not None
            assert [row[:3] for row in map(_told, view.top)] == [
                row[:3] for row in map(_told, slow.top)
            ]
            await build_eve(connection, redis, one, now, ZONE)
            seen.append({row.person_id for row in view.top})
        return seen

    # Who goes by an alias or hides stands in none: it would say how many follow them.
    assert await stand() == [{few, unknown, later}, {some}, {many}]
    # What becomes known later moves nobody, and a change of brackets holds from tomorrow.
    await followed(connection, few, (-day, 100_000))
    await set_brackets(connection, [10], by=few, now=now, zone=ZONE)
    for person in (few, some, many):
        await company.score(person, person + 1)
    assert not (await publish(connection, redis, ZONE)).missing - {board()}
    assert await stand() == [{few, unknown, later}, {some}, {many}]
    found = await verify(connection, zone=ZONE, redis=redis)
    assert [str(one) for one in found.differences if "bracket" in str(one)] == []


def _told(row: object) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in ("rank", "person_id", "value"))


async def test_a_bracket_is_built_for_the_first_who_opens_it_and_without_redis_is_the_same(
    connection: asyncpg.Connection, pool: asyncpg.Pool, redis: Redis
) -> None:
    company = Company(connection)
    some = await company.person("Some")
    await followed(connection, some, (-timedelta(days=1), 700))
    await company.score(some, 5)
    boards = Boards(pool, redis, ZONE)
    try:
        view = await boards.view(MIDDLE, person_id=some)
    finally:
        await boards.close()
    assert [row.person_id for row in view.top] == [some]
    assert await is_ready(redis, MIDDLE)


async def test_two_who_note_at_once_note_the_same(
    connection: asyncpg.Connection, pool: asyncpg.Pool
) -> None:
    company = Company(connection)
    people = [await company.person(f"P{n}") for n in range(20)]
    asked = {
        (person, day) for person in people for day in (MONTH, first_day(Period.QUARTER, MONTH))
    }

    async def note() -> dict[tuple[int, date], int]:
        async with pool.acquire() as mine, mine.transaction():
            return dict(await brackets_of(mine, asked, ZONE))

    found = await asyncio.gather(*(note() for _ in range(4)))
    assert found[0] == dict.fromkeys(asked, 1)
    assert all(one == found[0] for one in found)


async def test_hr_sets_where_brackets_begin_from_tomorrow(connection: asyncpg.Connection) -> None:
    hanna = await Company(connection).person("Hanna")
    now = datetime.now(UTC)
    today = now.astimezone(ZONE).date()
    assert [one.at_least for one in await brackets_on(connection, today)] == [0, 500, 5_000]
    from_on = await set_brackets(connection, [9, 100], by=hanna, now=now, zone=ZONE)
    assert from_on == today + timedelta(days=1)
    assert [one.at_least for one in await brackets_on(connection, today)] == [0, 500, 5_000]
    assert [one.at_least for one in await brackets_on(connection, from_on)] == [0, 9, 100]
    assert await connection.fetchval("select count(*) from audit where subject = 'brackets'") == 1
    for wrong in ([], [0], [1, 2, 3, 4, 5, 6], [10**15]):
        with pytest.raises(BracketsRefused):
            await set_brackets(connection, wrong, by=hanna, now=now, zone=ZONE)


async def test_a_publisher_whose_redis_is_slow_keeps_nobody_waiting_for_a_first_bracket(
    connection: asyncpg.Connection, pool: asyncpg.Pool
) -> None:
    some = await Company(connection).person("Some")
    await followed(connection, some, (-timedelta(days=1), 700))
    await Company(connection).score(some, 5)
    reached = asyncio.Event()

    async def says_nothing(_: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        reached.set()
        try:
            await asyncio.sleep(60)
        finally:
            answer.close()

    server = await asyncio.start_server(says_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Redis(port=port) as slow, pool.acquire() as mine:
        publishing = asyncio.create_task(publish(mine, slow, ZONE))
        try:
            await asyncio.wait_for(reached.wait(), 20)
            # Noted for good by now, whatever becomes of what that Redis was told.
            async with asyncio.timeout(10), connection.transaction():
                assert await brackets_of(connection, [(some, MONTH)], ZONE) == {(some, MONTH): 2}
            assert not publishing.done()
        finally:
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)
            server.close()
    assert await connection.fetchval("select followers from audience_then") == 700
    assert await connection.fetchval("select count(*) from outbox") == 1


async def test_of_two_records_that_are_one_person_the_followers_are_the_persons(
    connection: asyncpg.Connection,
) -> None:
    company = Company(connection)
    record, person = await company.person("Ana"), await company.person("Ana")
    for one in (record, person):
        await followed(connection, one, (-timedelta(days=1), 700))
    async with connection.transaction():
        await same_person(
            connection,
            record,
            person,
            by=None,
            reason="imported twice",
            now=START_AT + timedelta(days=2),
        )
    assert await brackets_of(connection, [(record, MONTH), (person, MONTH)], ZONE)
    noted = await connection.fetch("select person_id, followers from audience_then")
    assert {row["person_id"]: row["followers"] for row in noted} == {person: 1_400, record: None}
