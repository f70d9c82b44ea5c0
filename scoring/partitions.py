"""The monthly partitions of deliveries and entries: made ahead of time, dropped whole when old.

Law: no row is lost on the way. A row that came before its month's partition waits in the default
partition and moves over in the same transaction that makes the partition.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

from scoring.connection import Connection

_PARTITIONED = ("delivery", "entry")
_AHEAD = 2  # months made ahead: the clock may stand still for a month before the default fills
_LOCK = 0x70617274  # "part": any number, the same in all processes
# Longer than any statement that writes here; if a lock is not had by then, the clock comes again.
_LOCK_TIMEOUT = "5s"
# Deliveries of a network are looked for this long after they should have gone; whatever is older
# goes with its partition.
_LOOK_BACK_DAYS = 60
# Not to_regclass: within a transaction it may still answer from before another process was done.
_LACKS = (
    "select not exists (select from pg_class made join pg_class whole using (relnamespace)"
    " where made.relname = $1 and whole.oid = 'delivery'::regclass)"
)


async def ensure_partitions(
    connection: Connection, today: date, since: date | None = None
) -> list[str]:
    """Make partitions from `since` (default: this month) to two months ahead; returns new names.

    May be called at any time by any number of processes; `since` serves those who write history.
    """
    made = []
    for table in _PARTITIONED:
        for month in _months(min(since or today, today), _later(_first(today), _AHEAD)):
            name = partition_name(table, month)
            if not await connection.fetchval(_LACKS, name):
                continue
            # One after the other, so that writers wait for one table and one month at most.
            async with _alone(connection):
                if await connection.fetchval(_LACKS, name):  # another process was quicker
                    await _make(connection, table, month)
                    made.append(name)
    return made


async def drop_old_deliveries(connection: Connection, today: date, keep_days: int) -> list[str]:
    """Drop raw deliveries of months that ended more than `keep_days` ago; returns the names.

    A month in which a delivery still waits for a worker stays: nothing accepted is lost. Old rows
    in the default partition are deleted one by one. Facts made from them stay in any case.
    """
    limit = today - timedelta(days=keep_days)
    dropped = []
    async with _alone(connection):
        for name in await connection.fetchval(
            "select coalesce(array_agg(inhrelid::regclass::text order by 1), '{}') from pg_inherits"
            " where inhparent = 'delivery'::regclass"
        ):
            month = _month_of(name)
            if month is None or _later(month, 1) > limit:
                continue
            if not await connection.fetchval(
                "select exists (select from pending_delivery where recorded_on >= $1"
                " and recorded_on < $2)",
                month,
                _later(month, 1),
            ):
                await connection.execute(f'drop table "{name}"')
                dropped.append(name)
        await _forget(connection, limit)
    return dropped


async def forget_deliveries(
    connection: Connection, now: datetime, keep_days: Mapping[str, int], limit: int = 10_000
) -> int:
    """Delete raw deliveries older than their platform allows; returns how many, at most `limit`.

    For networks whose time to live is shorter than a partition. One that still waits for a worker
    stays; one that is set aside goes, for the network's rule has no exception for it.
    """
    before = [now - timedelta(days=days) for days in keep_days.values()]
    async with connection.transaction(), _forgetting(connection):
        done = await connection.execute(
            "delete from delivery d using (select old.recorded_on, old.id"
            "  from unnest($1::text[], $2::timestamptz[], $3::date[]) as rule (platform, before_at, day)"
            # Day by day, so that each look is one descent in the index of one partition.
            "  cross join generate_series(0, $4) as earlier"
            "  join delivery old on old.recorded_on = rule.day - earlier"
            "   and old.platform = rule.platform and old.received_at < rule.before_at"
            "  where not exists (select from pending_delivery p where p.delivery_id = old.id)"
            "  limit $5) as gone where d.recorded_on = gone.recorded_on and d.id = gone.id",
            list(keep_days),
            before,
            [moment.astimezone(UTC).date() for moment in before],
            _LOOK_BACK_DAYS,
            limit,
        )
    return int(done.rpartition(" ")[2])


def partition_name(table: str, month: date) -> str:
    """The name of a month's partition, such as `delivery_2026_11`."""
    return f"{table}_{month.year:04d}_{month.month:02d}"


async def _make(connection: Connection, table: str, month: date) -> None:
    name, default, end = partition_name(table, month), f"{table}_default", _later(month, 1)
    # Made aside, so that the table itself is locked only for the move.
    await connection.execute(f'create table "{name}" (like {table} including all)')
    # The whole table, not the default alone: a row on its way into the default would be refused by
    # PostgreSQL once the partition has taken over.
    await connection.execute(f"lock table {table} in access exclusive mode")
    async with _forgetting(connection):
        await connection.execute(
            f"with moved as (delete from {default} where recorded_on >= $1 and recorded_on < $2"
            f' returning *) insert into "{name}" select * from moved',
            month,
            end,
        )
    await connection.execute(
        f"alter table {table} attach partition \"{name}\" for values from ('{month}') to ('{end}')"
    )


async def _forget(connection: Connection, limit: date) -> None:
    async with _forgetting(connection):
        await connection.execute(
            "delete from delivery_default d where recorded_on < $1"
            " and not exists (select from pending_delivery p where p.delivery_id = d.id)",
            limit,
        )


@asynccontextmanager
async def _alone(connection: Connection) -> AsyncIterator[None]:
    """A transaction in which no other process changes partitions."""
    async with connection.transaction():
        before = await connection.fetchval("show lock_timeout")
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        await connection.execute("select set_config('lock_timeout', $1, true)", _LOCK_TIMEOUT)
        yield
        await connection.execute("select set_config('lock_timeout', $1, true)", before)


@asynccontextmanager
async def _forgetting(connection: Connection) -> AsyncIterator[None]:
    """Lets facts be deleted, for a moment: the append-only triggers look at this setting."""
    await connection.execute("select set_config('fanfare.forgetting', 'on', true)")
    yield
    await connection.execute("select set_config('fanfare.forgetting', 'off', true)")


def _first(day: date) -> date:
    return day.replace(day=1)


def _later(month: date, months: int) -> date:
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)


def _months(start: date, last: date) -> Iterator[date]:
    month = _first(start)
    while month <= last:
        yield month
        month = _later(month, 1)


def _month_of(name: str) -> date | None:
    year, _, month = name.removeprefix("delivery_").partition("_")
    return date(int(year), int(month), 1) if year.isdecimal() and month.isdecimal() else None
