"""A count of followers that stands in for one nobody could take.

Law: it is a fact like any other, with a source of its own, and says nothing but what was counted last; it
is written only while somebody has days of grace to give a consent again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from scoring.changes import note_snapshots
from scoring.connection import Connection
from scoring.touched import touch_owners

CARRIED: Final = "carried"
# Twice within the day by which a contest must find a count before and after its moments.
_EVERY: Final = timedelta(hours=12)


async def carry_snapshot(connection: Connection, account_id: UUID, now: datetime) -> bool:
    """Let the last count of an account stand for now, unless one was taken within twelve hours.

    Returns whether it does; False too where nobody ever counted.
    """
    async with connection.transaction():
        carried = await connection.fetch(
            """insert into snapshot (account_id, observed_at, source, followers, recorded_at)
               select account_id, $2, $3, followers, $2 from snapshot
               where account_id = $1 and observed_at <= $2
                 and not exists (select from snapshot s where s.account_id = $1
                                 and s.observed_at > $2 - $4::interval and s.observed_at <= $2)
               order by observed_at desc, id desc limit 1
               on conflict do nothing returning account_id, observed_at""",
            account_id,
            now,
            CARRIED,
            _EVERY,
        )
        if carried:
            await touch_owners(connection, {account_id})
            await note_snapshots(connection, [tuple(row) for row in carried])
    return bool(carried)
