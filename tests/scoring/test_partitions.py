"""Months of deliveries and entries: made ahead, filled from the default, dropped whole."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from scoring import partitions
from scoring.partitions import InTheWay, ensure_partitions, months_there
from scoring.retention import drop_old_deliveries, dropped_lately, forget_deliveries

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)
KEEP = {"mastodon": 30, "x": 1, "standard": 90}  # days


async def deliver(
    connection: asyncpg.Connection,
    day: date,
    key: str,
    *,
    pending: bool = False,
    platform: str = "mastodon",
) -> int:
    id_ = await connection.fetchval(
        "insert into delivery (recorded_on, platform, source, delivery_key, headers, body,"
        " received_at) values ($1, $4, 'webhook', $2, '{}', 'x', $3) returning id",
        day,
        key,
        datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        platform,
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


async def enter(connection: asyncpg.Connection, person: int, book: int, day: date) -> None:
    await connection.execute(
        "insert into entry (recorded_on, person_id, rule, relation, rule_window, key, points,"
        " reason, occurred_at, rulebook_id, recorded_at)"
        " values ($3, $1, 'answered', 'earned', '2026-12-31', gen_random_uuid(), 5,"
        " 'counted', now(), $2, now())",
        person,
        book,
        day,
    )


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
    await enter(connection, person, book, date(2026, 12, 31))
    made = await ensure_partitions(connection, TODAY)
    # August too, though nobody asked for it: what waits in the default has a month again.
    assert [name for name in made if name < "delivery_2026_11"] == ["delivery_2026_08"]
    assert await where(connection, "delivery") == {"delivery_2026_11": 2, "delivery_2026_08": 1}
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
        await deliver(connection, date(2026, month, 5), "done")
    await deliver(connection, date(2026, 9, 6), "waits", pending=True)
    await deliver(connection, date(2026, 10, 30), "may stay")  # 23 days old

    assert await drop_old_deliveries(connection, NOW, KEEP) == ["delivery_2026_08"]
    assert await where(connection, "delivery") == {
        "delivery_2026_09": 2,
        "delivery_2026_10": 2,
        "delivery_2026_11": 1,
    }
    await connection.execute("delete from pending_delivery")
    later = NOW + timedelta(days=9)
    assert await drop_old_deliveries(connection, later, KEEP) == [
        "delivery_2026_09",
        "delivery_2026_10",
    ]
    assert await where(connection, "delivery") == {"delivery_2026_11": 1}
    assert [(one.name, one.at) for one in await dropped_lately(connection, 2)] == [
        ("delivery_2026_10", later),
        ("delivery_2026_09", later),
    ]


async def test_a_month_goes_when_every_network_in_it_lets_go(
    connection: asyncpg.Connection,
) -> None:
    """A network's own time decides, not the longest of all that could have been there."""
    await ensure_partitions(connection, TODAY, since=date(2026, 7, 1))
    await deliver(connection, date(2026, 7, 31), "a", platform="standard")
    await deliver(connection, date(2026, 8, 31), "b", platform="standard")
    await deliver(connection, date(2026, 9, 30), "c", platform="mastodon")
    await deliver(connection, date(2026, 10, 31), "d", platform="x")
    assert await drop_old_deliveries(connection, NOW, KEEP) == [
        "delivery_2026_07", "delivery_2026_09", "delivery_2026_10",
    ]  # fmt: skip
    assert await where(connection, "delivery") == {"delivery_2026_08": 1}
    # A network of which nothing is known any more keeps as long as the one that may longest.
    await deliver(connection, date(2026, 8, 30), "e", platform="gone")
    assert await drop_old_deliveries(connection, NOW, {"mastodon": 30, "standard": 83}) == []
    assert await drop_old_deliveries(connection, NOW, {"mastodon": 30, "standard": 82}) == [
        "delivery_2026_08"
    ]


async def test_the_month_that_just_ended_stays_for_a_day_even_if_empty(
    connection: asyncpg.Connection,
) -> None:
    """What is received in its last second may be written in the next month's first."""
    await ensure_partitions(connection, TODAY)
    december = datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC)
    assert await drop_old_deliveries(connection, december, KEEP) == []
    assert await drop_old_deliveries(connection, december + timedelta(days=1), KEEP) == [
        "delivery_2026_11"
    ]


@pytest.mark.parametrize(
    ("day", "made"),
    [
        (date(2027, 12, 31), ["delivery_2027_12", "delivery_2028_01", "delivery_2028_02"]),
        (date(2028, 2, 29), ["delivery_2028_02", "delivery_2028_03", "delivery_2028_04"]),
        (date(2027, 11, 30), ["delivery_2027_11", "delivery_2027_12", "delivery_2028_01"]),
    ],
)
async def test_a_month_is_a_month_at_its_last_day_and_in_a_leap_year(
    connection: asyncpg.Connection, day: date, made: list[str]
) -> None:
    assert (await ensure_partitions(connection, day))[:3] == made
    await deliver(connection, day, "the last day")
    assert await where(connection, "delivery") == {made[0]: 1}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
async def test_months_are_utcs_wherever_the_company_is(
    connection: asyncpg.Connection, zone: str
) -> None:
    """A row's day is UTC's; where it is already, or still, another month, none is missing."""
    midnight = datetime(2026, 12, 1, tzinfo=UTC)
    for at in (midnight - timedelta(seconds=1), midnight):
        local = at.astimezone(ZoneInfo(zone))
        await ensure_partitions(connection, local.date())
        await ensure_partitions(connection, at.date())
        await deliver(connection, at.date(), zone)
    assert await where(connection, "delivery") == {"delivery_2026_11": 1, "delivery_2026_12": 1}


async def test_a_year_without_a_clock_is_made_up_for(connection: asyncpg.Connection) -> None:
    """No worker ran for a year: what came waited, and finds its months; then the old ones go."""
    await ensure_partitions(connection, TODAY)
    days = [date(2026, 12, 24), *(date(2027, month, 28) for month in range(1, 13))]
    for day in days:
        await deliver(connection, day, f"{day}", pending=True)
    person, book = await a_person_and_rulebook(connection)
    await enter(connection, person, book, date(2027, 6, 30))
    before = {one.table: one for one in await months_there(connection)}
    back = datetime(2027, 12, 31, 23, 59, tzinfo=UTC)
    assert (before["delivery"].astray, before["entry"].astray) == (11, 1)
    assert before["delivery"].lacks(back.date())
    assert before["delivery"].next_on(back.date()) == back.date()

    await ensure_partitions(connection, back.date())
    there = {one.table: one for one in await months_there(connection)}
    assert (there["delivery"].astray, there["entry"].astray) == (0, 0)
    assert there["delivery"].months[-1] == date(2028, 2, 1)
    assert there["delivery"].next_on(back.date()) == date(2028, 1, 1)
    assert not there["delivery"].lacks(back.date())
    assert len(await where(connection, "delivery")) == len(days)
    # They still wait for a worker: none goes, not even those of the network that lets keep a day.
    assert await drop_old_deliveries(connection, back, KEEP) == ["delivery_2026_11"]
    assert await forget_deliveries(connection, back, KEEP) == 0
    await connection.execute("delete from pending_delivery")
    assert len(await drop_old_deliveries(connection, back, KEEP)) == 12
    assert await where(connection, "delivery") == {"delivery_2027_12": 1}
    assert await where(connection, "entry") == {"entry_2027_06": 1}


async def test_a_long_transaction_is_not_waited_for_and_keeps_nobody_waiting(
    database_url: str, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "_LONG", "0.3s")
    await ensure_partitions(connection, TODAY)
    await deliver(connection, date(2026, 11, 3), "old", platform="x")
    reader = await asyncpg.connect(database_url)
    try:
        async with reader.transaction(isolation="repeatable_read", readonly=True):
            await reader.fetch("select from delivery")
            await reader.fetch("select from entry")
            await asyncio.sleep(0.4)
            december = NOW + timedelta(days=31)
            for attempt in (
                ensure_partitions(connection, december.date()),
                drop_old_deliveries(connection, december, KEEP),
            ):
                begun = asyncio.get_running_loop().time()
                with pytest.raises(InTheWay, match=r"delivery is held by a transaction .* tried"):
                    await attempt
                assert asyncio.get_running_loop().time() - begun < 1
            await deliver(connection, TODAY, "meanwhile")
        made = await ensure_partitions(connection, december.date())
        assert made == ["delivery_2027_02", "entry_2027_02"]
        await forget_deliveries(connection, december, {**KEEP, "mastodon": 1})
        assert await drop_old_deliveries(connection, december, KEEP) == ["delivery_2026_11"]
    finally:
        await reader.close()


async def test_several_processes_drop_a_month_once(
    database_url: str, connection: asyncpg.Connection
) -> None:
    await ensure_partitions(connection, TODAY, since=date(2026, 6, 1))
    for month in (6, 7):
        await deliver(connection, date(2026, month, 5), "old")

    async def drop() -> list[str]:
        own = await asyncpg.connect(database_url)
        try:
            return await drop_old_deliveries(own, NOW, {"mastodon": 30})
        finally:
            await own.close()

    names = [
        name for of_one in await asyncio.gather(*(drop() for _ in range(4))) for name in of_one
    ]
    assert sorted(names) == [f"delivery_2026_{month:02d}" for month in (6, 7, 8, 9, 10)]
    assert len(await dropped_lately(connection, 100)) == len(names)


async def test_a_month_that_another_process_drops_while_it_is_looked_at_is_gone_and_no_fault(
    database_url: str, connection: asyncpg.Connection
) -> None:
    await ensure_partitions(connection, TODAY, since=date(2026, 9, 1))
    own = await asyncpg.connect(database_url)
    try:
        async with own.transaction():
            await own.execute("drop table delivery_2026_10")
            looking = asyncio.create_task(drop_old_deliveries(connection, NOW, {"mastodon": 30}))
            waits = "select exists (select from pg_locks where not granted and pid = $1)"
            while not await own.fetchval(waits, connection.get_server_pid()):
                await asyncio.sleep(0.01)
        assert await looking == ["delivery_2026_09"]
    finally:
        await own.close()


async def test_as_much_is_forgotten_as_came(connection: asyncpg.Connection) -> None:
    """More rows than one statement deletes are deleted by one call all the same."""
    await ensure_partitions(connection, TODAY)
    for n in range(25):
        await deliver(connection, date(2026, 11, 3), f"{n}", platform="x")
    assert await forget_deliveries(connection, NOW, KEEP, limit=10) == 25


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
    assert await forget_deliveries(connection, NOW, {"mastodon": 30, "x": 1}) == 0
    assert await forget_deliveries(connection, NOW, {"mastodon": 1, "x": 1}) == 1
    keys = await connection.fetch("select delivery_key from delivery order by id")
    assert [row["delivery_key"] for row in keys] == ["waits", "new"]
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute("delete from delivery")
