"""The monthly partitions of deliveries and entries: made ahead of time, mended when they were not.

Laws: no row is lost on the way. A row that came before its month's partition waits in the default
partition and moves over in the same transaction that makes the partition. Nobody who writes waits
for longer than a lock may be asked for: while a long transaction is in the way, nothing is asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from scoring.connection import Connection

PARTITIONED: Final = ("delivery", "entry")
_AHEAD: Final = (
    2  # months made ahead: the clock may stand still for a month before the default fills
)
_LOCK: Final = 0x70617274  # "part": any number, the same in all processes
# Longer than nearly all statements that write here; if a lock is not had by then, the clock comes
# again. Whoever wants to write waits behind the one who waits for the lock, so it is short.
_LOCK_TIMEOUT: Final = "2s"
_LONG: Final = "2s"  # a transaction that has run for so long will not end just now
_MOVE_TIMEOUT_S: Final = 3_600.0  # a default partition that filled for months has many rows
# Not to_regclass: within a transaction it may still answer from before another process was done.
_LACKS: Final = (
    "select not exists (select from pg_class made join pg_class whole using (relnamespace)"
    " where made.relname = $1 and whole.oid = 'delivery'::regclass)"
)


class InTheWay(TimeoutError):
    """A transaction has held a table for long; to wait for it would make all who write wait."""


@dataclass(frozen=True, slots=True)
class Months:
    """The partitions of a table: its months in order, and how much waits without one (at least)."""

    table: str
    months: tuple[date, ...]
    astray: int  # rows in the default partition, counted up to `MOST_ASTRAY`

    def lacks(self, today: date) -> bool:
        """Whether what comes today has no month of its own."""
        return today.replace(day=1) not in self.months

    def next_on(self, today: date) -> date:
        """When the worker's clock makes the next one; today: it is late."""
        if not self.months:
            return today
        return max(today, later(self.months[-1], 1 - _AHEAD))


MOST_ASTRAY: Final = 1_000


async def ensure_partitions(
    connection: Connection, today: date, since: date | None = None
) -> list[str]:
    """Make partitions from `since` (default: this month) to two months ahead; returns new names.

    `today` is UTC's, as is the day on which a row is recorded. What waits in a default partition gets
    its month, too, however long ago. May be called at any time by any number of processes; `since`
    serves those who write history. Raises InTheWay: nothing is lost, try again.
    """
    made = []
    for table in PARTITIONED:
        wanted = set(_months(min(since or today, today), later(_first(today), _AHEAD)))
        for month in sorted(wanted | await _astray(connection, table)):
            name = partition_name(table, month)
            if not await connection.fetchval(_LACKS, name):
                continue
            # One after the other, so that writers wait for one table and one month at most.
            async with alone(connection):
                if await connection.fetchval(_LACKS, name):  # another process was quicker
                    await _make(connection, table, month)
                    made.append(name)
    return made


async def months_there(connection: Connection) -> list[Months]:
    """The partitions of each partitioned table."""
    found = []
    for table in PARTITIONED:
        names = await connection.fetch(
            "select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass",
            table,
        )
        months = [month_of(row["name"]) for row in names]
        astray = await connection.fetchval(
            f"select count(*) from (select from {table}_default limit {MOST_ASTRAY}) rows"
        )
        found.append(Months(table, tuple(sorted(m for m in months if m)), astray))
    return found


def partition_name(table: str, month: date) -> str:
    """The name of a month's partition, such as `delivery_2026_11`."""
    return f"{table}_{month.year:04d}_{month.month:02d}"


def month_of(name: str) -> date | None:
    """The month of a partition; None for the default."""
    year, _, month = name.partition("_")[2].partition("_")
    return date(int(year), int(month), 1) if year.isdecimal() and month.isdecimal() else None


def later(month: date, months: int) -> date:
    """The first day so many months after a first day; negative: before."""
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)


@asynccontextmanager
async def alone(connection: Connection) -> AsyncIterator[None]:
    """A transaction in which no other process changes partitions."""
    async with connection.transaction():
        before = await connection.fetchval("show lock_timeout")
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        await connection.execute("select set_config('lock_timeout', $1, true)", _LOCK_TIMEOUT)
        yield
        await connection.execute("select set_config('lock_timeout', $1, true)", before)


async def take(connection: Connection, table: str) -> None:
    """Have a table to oneself until the transaction ends. Raises InTheWay without having waited.

    A transaction of another database role, whose age is not ours to know, is waited for briefly.
    """
    holder = await connection.fetchrow(
        """select l.pid, extract(epoch from clock_timestamp() - a.xact_start)::int as s
           from pg_locks l join pg_stat_activity a using (pid)
           where l.relation = $1::regclass and l.granted and l.pid <> pg_backend_pid()
             and l.database = (select oid from pg_database where datname = current_database())
             and a.xact_start < clock_timestamp() - $2::text::interval
           order by a.xact_start limit 1""",
        table,
        _LONG,
    )
    if holder is not None:
        raise InTheWay(
            f"{table} is held by a transaction that has run for {holder['s']} s (PostgreSQL process"
            f" {holder['pid']}); this is tried again until it ends"
        )
    await connection.execute(f"lock table {table} in access exclusive mode")


@asynccontextmanager
async def forgetting(connection: Connection) -> AsyncIterator[None]:
    """Lets facts be deleted, for a moment: the append-only triggers look at this setting."""
    await connection.execute("select set_config('fanfare.forgetting', 'on', true)")
    yield
    await connection.execute("select set_config('fanfare.forgetting', 'off', true)")


async def _astray(connection: Connection, table: str) -> set[date]:
    """The months of what lies in the default partition, which is nearly always empty."""
    rows = await connection.fetch(
        f"select distinct date_trunc('month', recorded_on)::date as month from {table}_default"
    )
    return {row["month"] for row in rows}


async def _make(connection: Connection, table: str, month: date) -> None:
    name, default, end = partition_name(table, month), f"{table}_default", later(month, 1)
    # Made aside, so that the table itself is locked only for the move.
    await connection.execute(f'create table "{name}" (like {table} including all)')
    # The whole table, not the default alone: a row on its way into the default would be refused by
    # PostgreSQL once the partition has taken over.
    await take(connection, table)
    async with forgetting(connection):
        await connection.execute(
            f"with moved as (delete from {default} where recorded_on >= $1 and recorded_on < $2"
            f' returning *) insert into "{name}" select * from moved',
            month,
            end,
            timeout=_MOVE_TIMEOUT_S,
        )
    await connection.execute(
        f"alter table {table} attach partition \"{name}\" for values from ('{month}') to ('{end}')",
        timeout=_MOVE_TIMEOUT_S,
    )


def _first(day: date) -> date:
    return day.replace(day=1)


def _months(start: date, last: date) -> Iterator[date]:
    month = _first(start)
    while month <= last:
        yield month
        month = later(month, 1)
