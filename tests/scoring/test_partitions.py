"""Months of deliveries and entries: made ahead, filled from the default, dropped whole."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from scoring.partitions import drop_old_deliveries, ensure_partitions, forget_deliveries

TODAY = date(2026, 11, 22)


async def deliver(connection: asyncpg.Connection, day: date, key: str, *, pending: bool) -> int:
    id_ = await connection.fetchval(
        "insert into delivery (recorded_on, platform, source, delivery_key, headers, body,"
        " received_at) values ($1, 'mastodon', 'webhook', $2, '{}', 'x', $3) returning id",
        day,
        key,
        datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
    )
    if pending:
        await connection.execute("insert into pending_delivery values ($1, $2)", id_, day)
    return int(id_)


async def where(connection: asyncpg.Connection, table: str) -> dict[str, int]:
    """How many rows lie in which partition."""
    rows = await connection.fetch(
        f"select tableoid::regclass::text as name, count(*) from {table} group by 1"
    )
    return {row["name"]: row["count"] for row in rows}


async def a_person_and_rulebook(connection: asyncpg.Connection) -> tuple[int, int]:
    person = await connection.fetchval(
        "insert into person (recorded_at) values (now()) returning id"
    )
    book = await connection.fetchval(
        "insert into rulebook (name, toml, sha256, valid_from, recorded_at)"
        " values ('first', '', 'x', now(), now()) returning id"
    )
    return person, book


async def test_this_and_the_next_two_months_are_made_once(connection: asyncpg.Connection) -> None:
    made = await ensure_partitions(connection, TODAY)
    assert made == [
        *("delivery_2026_11", "delivery_2026_12", "delivery_2027_01"),
        *("entry_2026_11", "entry_2026_12", "entry_2027_01"),
    ]
    assert await ensure_partitions(connection, TODAY) == []
    assert await ensure_partitions(connection, date(2026, 12, 1)) == [
        "delivery_2027_02",
        "entry_2027_02",
    ]


async def test_history_can_have_its_months_too(connection: asyncpg.Connection) -> None:
    made = await ensure_partitions(connection, TODAY, since=date(2026, 9, 30))
    assert made[:3] == ["delivery_2026_09", "delivery_2026_10", "delivery_2026_11"]


async def test_rows_that_came_too_early_move_to_their_month(connection: asyncpg.Connection) -> None:
    for key, day in (("a", date(2026, 11, 1)), ("b", date(2026, 11, 30)), ("c", date(2026, 8, 1))):
        await deliver(connection, day, key, pending=True)
    person, book = await a_person_and_rulebook(connection)
    await connection.execute(
        "insert into entry (recorded_on, person_id, rule, relation, rule_window, key, points,"
        " reason, occurred_at, rulebook_id, recorded_at)"
        " values ('2026-12-31', $1, 'answered', 'earned', '2026-12-31', gen_random_uuid(), 5,"
        " 'counted', now(), $2, now())",
        person,
        book,
    )
    await ensure_partitions(connection, TODAY)
    assert await where(connection, "delivery") == {"delivery_2026_11": 2, "delivery_default": 1}
    assert await where(connection, "entry") == {"entry_2026_12": 1}


async def test_a_partition_is_as_strict_as_its_table(connection: asyncpg.Connection) -> None:
    await ensure_partitions(connection, TODAY)
    await deliver(connection, TODAY, "a", pending=False)
    for refused, why in (
        ("update delivery set platform = 'x'", "append-only"),
        ("delete from delivery_2026_11", "append-only"),
        ("insert into delivery select * from delivery", "delivery_2026_11"),
        ("update delivery_2026_11 set body = ''", "append-only"),
    ):
        with pytest.raises(asyncpg.PostgresError, match=why):
            await connection.execute(refused)


async def test_many_processes_may_make_them_while_deliveries_come_in(
    database_url: str, connection: asyncpg.Connection
) -> None:
    stop = asyncio.Event()
    accepted = 0

    async def traffic() -> None:
        nonlocal accepted
        own = await asyncpg.connect(database_url)
        while not stop.is_set():
            await deliver(own, TODAY, f"key {accepted}", pending=True)
            accepted += 1
        await own.close()

    async def make() -> list[str]:
        own = await asyncpg.connect(database_url)
        try:
            return await ensure_partitions(own, TODAY)
        finally:
            await own.close()

    busy = asyncio.create_task(traffic())
    made = await asyncio.gather(*(make() for _ in range(4)))
    stop.set()
    await busy
    names = [name for of_one in made for name in of_one]
    assert (len(names), len(set(names))) == (6, 6)  # each made once, whoever was first
    assert await connection.fetchval("select count(*) from delivery") == accepted
    assert await connection.fetchval("select count(*) from delivery_default") == 0


async def test_old_months_go_whole_unless_a_worker_still_needs_them(
    connection: asyncpg.Connection,
) -> None:
    await ensure_partitions(connection, TODAY, since=date(2026, 8, 1))
    for month in (8, 9, 10, 11):
        await deliver(connection, date(2026, month, 5), "done", pending=False)
    await deliver(connection, date(2026, 9, 6), "waits", pending=True)
    await deliver(connection, date(2026, 5, 5), "in the default", pending=False)
    await deliver(connection, date(2026, 5, 6), "in the default, waits", pending=True)

    # October ended 22 days ago: with 30 days to keep, it stays.
    assert await drop_old_deliveries(connection, TODAY, 30) == ["delivery_2026_08"]
    assert await where(connection, "delivery") == {
        "delivery_2026_09": 2,
        "delivery_2026_10": 1,
        "delivery_2026_11": 1,
        "delivery_default": 1,
    }
    await connection.execute("delete from pending_delivery")
    assert await drop_old_deliveries(connection, TODAY + timedelta(days=30), 30) == [
        "delivery_2026_09",
        "delivery_2026_10",
    ]
    assert await where(connection, "delivery") == {"delivery_2026_11": 1}


async def test_facts_stay_protected_after_partitions_changed(
    connection: asyncpg.Connection,
) -> None:
    await deliver(connection, TODAY, "a", pending=False)
    async with connection.transaction():  # as in a migration: one transaction around everything
        await ensure_partitions(connection, TODAY)
        assert await connection.fetchval("show lock_timeout") == "0"
        with pytest.raises(asyncpg.RestrictViolationError):
            async with connection.transaction():
                await connection.execute("delete from delivery")


async def test_a_network_may_demand_that_its_raw_deliveries_go_sooner(
    connection: asyncpg.Connection,
) -> None:
    await ensure_partitions(connection, TODAY)
    for key, day, pending in (("old", 19, False), ("waits", 19, True), ("new", 21, False)):
        await deliver(connection, TODAY.replace(day=day), key, pending=pending)
    now = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    assert await forget_deliveries(connection, now, {"mastodon": 30, "x": 1}) == 0
    assert await forget_deliveries(connection, now, {"mastodon": 1, "x": 1}) == 1
    keys = await connection.fetch("select delivery_key from delivery order by id")
    assert [row["delivery_key"] for row in keys] == ["waits", "new"]
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute("delete from delivery")
