"""Totals worked out again from the entries, from who answered when, and from the follower counts.

Law: totals are a cache of the ledger; this may run at any time, beside workers, and be repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from scoring.connection import Connection
from scoring.verify.totals import Total, summed, told

_BATCH = 500  # people whose scoring waits for as long as one transaction takes


async def retotal(
    connection: Connection,
    *,
    zone: ZoneInfo,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> int:
    """Put right every total that is not what stands behind it; returns how many were not.

    `connection` is not in a transaction; some people at a time. `progress(people done, all)`.
    """
    whole = await connection.fetchval("select count(*) from person")
    last, done, righted = 0, 0, 0
    while True:
        async with connection.transaction():
            # The lock the scoring takes: nobody adds to a total that is being summed.
            rows = await connection.fetch(
                "select id from person where id > $1 order by id limit $2 for no key update",
                last,
                _BATCH,
            )
            if not rows:
                return righted
            persons = [row["id"] for row in rows]
            last, done = persons[-1], done + len(persons)
            sums = await summed(connection, persons, zone)
            stand = await told(connection, persons)
            wrong = {key for key in sums.keys() | stand.keys() if sums.get(key) != stand.get(key)}
            await _put(connection, {key: sums.get(key, 0) for key in wrong})
            righted += len(wrong)
        progress(done, max(done, whole))


async def _put(connection: Connection, values: dict[Total, int]) -> None:
    if not values:
        return
    ordered = sorted(values.items())
    await connection.execute(
        """with put as (
             insert into total as t (metric, period, starts_on, person_id, value, version)
             select *, 1 from unnest($1::text[], $2::text[], $3::date[], $4::bigint[], $5::bigint[])
             on conflict (metric, period, starts_on, person_id) do update
               set value = excluded.value, version = t.version + 1
             returning metric, period, starts_on, person_id, value, version)
           insert into outbox (metric, period, starts_on, person_id, value, version)
           select * from put""",
        *([key[place] for key, _ in ordered] for place in range(4)),
        [value for _, value in ordered],
    )
