"""A unit of work is whole or nothing, and its connection always comes back."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator

import asyncpg
import pytest
from piccolo.columns import Integer
from piccolo.table import Table

from app.database import (
    DatabaseNotOpen,
    DatabaseUnreachable,
    migrate,
    migrations_not_applied,
    opened,
    transaction,
)
from app.database.engine import DB
from tests.databases import Databases


class Marble(Table, tablename="marble", db=DB):
    """A table for these tests only."""

    number = Integer(required=True, default=None)


@pytest.fixture
async def pool(databases: Databases) -> AsyncIterator[asyncpg.Pool]:
    url = databases.empty()
    async with opened(url, most=2) as pool:
        # A number may stand twice until COMMIT: then the commit itself fails.
        await pool.execute(
            "CREATE TABLE marble (id serial PRIMARY KEY, number int NOT NULL,"
            " UNIQUE (number) DEFERRABLE INITIALLY DEFERRED)"
        )
        yield pool
    databases.drop(url)


async def numbers() -> list[int]:
    return sorted(row["number"] for row in await Marble.select(Marble.number))


async def test_a_unit_of_work_is_kept_whole(pool: asyncpg.Pool) -> None:
    async with transaction() as connection:
        await Marble(number=1).save()
        await connection.execute("INSERT INTO marble (number) VALUES (2)")
    assert await numbers() == [1, 2]


async def test_a_failed_unit_of_work_leaves_nothing(pool: asyncpg.Pool) -> None:
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            await Marble(number=1).save()
            raise ZeroDivisionError
    assert await numbers() == []


async def test_a_unit_inside_a_unit_is_undone_alone(pool: asyncpg.Pool) -> None:
    async with transaction() as outer:
        await Marble(number=1).save()
        with pytest.raises(ZeroDivisionError):
            async with transaction() as inner:
                assert inner is outer
                await Marble(number=2).save()
                raise ZeroDivisionError
        await Marble(number=3).save()
    assert await numbers() == [1, 3]


async def test_a_commit_that_fails_gives_its_connection_back(pool: asyncpg.Pool) -> None:
    for _ in range(8):
        with pytest.raises(asyncpg.UniqueViolationError):
            async with transaction() as connection:
                await connection.execute("INSERT INTO marble (number) VALUES (7), (7)")
    assert await numbers() == []
    assert pool.get_size() - pool.get_idle_size() == 0


async def test_a_connection_that_dies_inside_is_replaced(pool: asyncpg.Pool) -> None:
    for _ in range(4):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            async with transaction() as connection:
                own = await connection.fetchval("SELECT pg_backend_pid()")
                await pool.execute("SELECT pg_terminate_backend($1)", own)
                await connection.execute("INSERT INTO marble (number) VALUES (7)")
    assert await numbers() == []


async def test_a_cancelled_unit_of_work_leaves_nothing(pool: asyncpg.Pool) -> None:
    async def dawdle() -> None:
        async with transaction():
            await Marble(number=1).save()
            await asyncio.sleep(60)

    for _ in range(4):
        task = asyncio.create_task(dawdle())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait([task])
    assert await numbers() == []
    assert pool.get_size() - pool.get_idle_size() == 0


async def test_a_query_on_a_closed_database_is_an_error() -> None:
    with pytest.raises(DatabaseNotOpen):
        await Marble.select()
    with pytest.raises(DatabaseNotOpen):
        async with transaction():
            pass


async def test_opening_again_is_the_same_pool_and_another_address_an_error(
    pool: asyncpg.Pool,
) -> None:
    async with opened(DB.config["dsn"]) as again:
        assert again is pool
    assert await numbers() == []
    with pytest.raises(RuntimeError, match="Another database"):
        async with opened("postgresql://127.0.0.1/other"):
            pass


async def test_an_unreachable_database_is_named_without_its_password(unused_tcp_port: int) -> None:
    url = f"postgresql://me:hidden@127.0.0.1:{unused_tcp_port}/points"
    with pytest.raises(DatabaseUnreachable, match=f"'points' at 127.0.0.1:{unused_tcp_port}") as no:
        async with opened(url):
            pass
    assert "hidden" not in str(no.value)


async def test_three_processes_migrate_at_once_and_all_succeed(databases: Databases) -> None:
    url = databases.empty()
    script = "import asyncio, sys; from app.database import migrate; "
    script += "print(len(asyncio.run(migrate(sys.argv[1]))))"
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", script, url),
            stdout=asyncio.subprocess.PIPE,
            env=dict(os.environ),
        )
        for _ in range(3)
    ]
    answers = [await process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    ran = sorted(int(out) for out, _ in answers)
    assert ran[:2] == [0, 0]
    assert ran[2] > 0
    assert await migrations_not_applied(url) == []
    assert await migrate(url) == []
    databases.drop(url)


async def test_a_migration_that_fails_leaves_the_database_as_it_was(databases: Databases) -> None:
    url = databases.empty()
    connection = await asyncpg.connect(url)
    # In the way of the first table that the migrations make.
    await connection.execute("CREATE VIEW person AS SELECT 1 AS in_the_way")
    with pytest.raises(asyncpg.PostgresError):
        await migrate(url)
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert await connection.fetchval(tables) == 0
    await connection.execute("DROP VIEW person")
    await connection.close()
    assert await migrate(url) != []
    databases.drop(url)
