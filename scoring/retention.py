"""Raw deliveries go when their network's time to keep them is over: whole months, or row by row.

Laws: what still waits for a worker stays; a month goes whole once nothing in it may stay, which a
network with a short time decides together with the one that may be kept longest; facts made from
deliveries stay in any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from asyncpg import UndefinedTableError

from scoring.audit import record_audit
from scoring.connection import Connection
from scoring.partitions import alone, forgetting, later, month_of, take

_DROPPED: Final = "partition_dropped"
_MOST_ROUNDS: Final = 50  # of one call: half a million rows, then others have their turn
# A delivery is looked for one by one until its month must have gone whole, and some days more.
_MONTH_DAYS: Final = 62
# The networks present on each day of a month, one look into the index for each.
_PRESENT: Final = """
  with recursive present as (
    select day, (select min(platform) from "{name}" where recorded_on = day) as platform
    from (select $1::date + n as day from generate_series(0, $2::date - $1::date - 1) n) days
    union all
    select day, (select min(platform) from "{name}"
                 where recorded_on = day and platform > present.platform)
    from present where platform is not null
  )
  select platform, max(day) as last_on from present where platform is not null group by 1
"""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A month of raw deliveries that went, and when."""

    name: str
    at: datetime


async def drop_old_deliveries(
    connection: Connection, now: datetime, keep_days: Mapping[str, int]
) -> list[str]:
    """Drop the months of raw deliveries of which no network lets us keep any; returns their names.

    `keep_days` is by network; one that it does not name keeps as long as the longest. What was
    dropped stands in the audit. Raises InTheWay: nothing is lost, try again.
    """
    today = now.astimezone(UTC).date()
    dropped = []
    names = await connection.fetch(
        "select inhrelid::regclass::text as name from pg_inherits"
        " where inhparent = 'delivery'::regclass order by 1"
    )
    for row in names:
        name, month = row["name"], month_of(row["name"])
        # A day's grace: what is received at midnight may be written a moment later.
        if month is None or later(month, 1) >= today:
            continue
        try:
            if not await _may_go(connection, name, month, today, keep_days):
                continue
        except UndefinedTableError:  # another process dropped it since it was listed
            continue
        async with alone(connection):
            await take(connection, "delivery")
            # Somebody may have queued it again, or dropped it, before it was ours.
            if await connection.fetchval(
                "select to_regclass($1) is not null", name
            ) and await _may_go(connection, name, month, today, keep_days):
                await connection.execute(f'drop table "{name}"')
                await record_audit(connection, None, _DROPPED, name, {}, now)
                dropped.append(name)
    return dropped


async def forget_deliveries(
    connection: Connection, now: datetime, keep_days: Mapping[str, int], limit: int = 10_000
) -> int:
    """Delete raw deliveries older than their network allows, `limit` at a time; returns how many.

    For networks whose time is shorter than a month, or than that of others in it. One that still
    waits for a worker stays; one that is set aside goes, for the network's rule has no exception.
    """
    deleted = 0
    for _ in range(_MOST_ROUNDS):
        done = await _forget_some(connection, now, keep_days, limit)
        deleted += done
        if done < limit:
            break
    return deleted


async def dropped_lately(connection: Connection, most: int) -> list[Dropped]:
    """The months that were dropped last, the newest first."""
    rows = await connection.fetch(
        "select subject, recorded_at from audit where action = $1 order by id desc limit $2",
        _DROPPED,
        most,
    )
    return [Dropped(row["subject"], row["recorded_at"]) for row in rows]


async def _may_go(
    connection: Connection, name: str, month: date, today: date, keep_days: Mapping[str, int]
) -> bool:
    longest = max(keep_days.values())
    end = later(month, 1)
    if today - end < timedelta(days=longest):
        present = await connection.fetch(_PRESENT.format(name=name), month, end)
        for row in present:
            keep = keep_days.get(row["platform"], longest)
            if today - row["last_on"] <= timedelta(days=keep):
                return False
    return not await connection.fetchval(
        "select exists (select from pending_delivery where recorded_on >= $1 and recorded_on < $2)",
        month,
        end,
    )


async def _forget_some(
    connection: Connection, now: datetime, keep_days: Mapping[str, int], limit: int
) -> int:
    before = [now - timedelta(days=days) for days in keep_days.values()]
    longest = max(keep_days.values())
    async with connection.transaction(), forgetting(connection):
        done = await connection.execute(
            "delete from delivery d using (select old.recorded_on, old.id"
            "  from unnest($1::text[], $2::timestamptz[], $3::date[], $4::int[])"
            "    as rule (platform, before_at, day, look_back)"
            # Day by day, so that each look is one descent in the index of one partition.
            "  cross join generate_series(0, rule.look_back) as earlier"
            "  join delivery old on old.recorded_on = rule.day - earlier"
            "   and old.platform = rule.platform and old.received_at < rule.before_at"
            "  where not exists (select from pending_delivery p where p.delivery_id = old.id)"
            "  limit $5) as gone where d.recorded_on = gone.recorded_on and d.id = gone.id",
            list(keep_days),
            before,
            [moment.astimezone(UTC).date() for moment in before],
            [longest - days + _MONTH_DAYS for days in keep_days.values()],
            limit,
        )
    return int(done.rpartition(" ")[2])
