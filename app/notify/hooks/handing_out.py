"""From what happened to who must be told: one row for each event and hook that wants it."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from app.database import Connection
from app.notify.hooks.hooks import hooks

TEST_EVENT = "fanfare.test"
_BATCH = 500


async def hand_out(connection: Connection, now: datetime) -> int:
    """Queue the events that wait for every active hook that asked for them; how many events.

    What happens while a hook is paused is not told to it later.
    """
    async with connection.transaction():
        rows = await connection.fetch(
            """delete from outgoing_waiting where event_id in
                 (select event_id from outgoing_waiting limit $1 for update skip locked)
               returning event_id""",
            _BATCH,
        )
        if not rows:
            return 0
        active = [hook for hook in await hooks(connection) if hook.active]
        for hook in active:
            await connection.execute(
                """insert into hook_delivery (hook_id, event_id, state, attempts, next_at)
                   select $1, id, 'waiting', 0, $4 from outgoing_event
                   where id = any($2::uuid[]) and type = any($3::text[])
                   order by recorded_at
                   on conflict do nothing""",
                hook.id,
                [row["event_id"] for row in rows],
                list(hook.events),
                now,
            )
        return len(rows)


async def send_test(connection: Connection, hook_id: int, now: datetime) -> None:
    """Queue an event of no consequence for one hook, so that its receiver can be tried."""
    async with connection.transaction():
        event_id = uuid4()
        await connection.execute(
            """insert into outgoing_event (id, type, data, recorded_at)
               values ($1, $2, '{"hello": "from Fanfare"}'::jsonb, $3)""",
            event_id,
            TEST_EVENT,
            now,
        )
        await connection.execute(
            """insert into hook_delivery (hook_id, event_id, state, attempts, next_at)
               values ($1, $2, 'waiting', 0, $3)""",
            hook_id,
            event_id,
            now,
        )
