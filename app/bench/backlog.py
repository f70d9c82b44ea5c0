"""Deliveries put where the webhook puts them, and a real worker that works them off."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

_CHUNK = 10_000
_COLUMNS = (
    "id", "recorded_on", "platform", "source", "delivery_key", "headers", "body", "received_at",
)  # fmt: skip
_WAITING = (
    "select exists (select from pending_delivery) or exists (select from change)"
    " or exists (select from outbox)"
)
_LEFT = (
    "select (select count(*) from pending_delivery), (select count(*) from change),"
    " (select count(*) from outbox)"
)
_LOOK_EVERY_S = 0.01
_QUIET_S = 2.0  # nobody else works on the database for so long: what had to be made once is made
_MOST_S = 600.0  # for boards of a million people, one after the other
# Workers look into the database many times a second; what takes longer than that is work.
_OTHERS = """
select exists (select from pg_stat_activity where datname = current_database()
  and pid <> pg_backend_pid() and backend_type = 'client backend'
  and xact_start < clock_timestamp() - interval '300 milliseconds')
"""
_STANDSTILL_S = 60.0  # a round takes seconds; a worker that moves nothing for so long is stuck


class StandsStill(Exception):
    """The worker does not get on; the text says what is left."""


async def put(connection: Any, bodies: Iterable[bytes], received_at: datetime) -> int:
    """Store deliveries and queue them, all visible in one moment; returns how many."""
    left = iter(bodies)
    done = 0
    async with connection.transaction():
        while chunk := list(islice(left, _CHUNK)):
            first = await connection.fetchval(
                "select min(id) from (select nextval('delivery_id_seq') as id"
                " from generate_series(1, $1)) as new",
                len(chunk),
            )
            day = received_at.date()
            rows = [
                (first + n, day, "standard", "webhook", f"msg_{first + n}", "{}", body, received_at)
                for n, body in enumerate(chunk)
            ]
            await connection.copy_records_to_table("delivery", columns=_COLUMNS, records=rows)
            await connection.copy_records_to_table(
                "pending_delivery",
                columns=("delivery_id", "recorded_on"),
                records=[(row[0], day) for row in rows],
            )
            done += len(chunk)
    return done


async def worked_off(connection: Any) -> float:
    """Wait until every delivery has reached the boards; returns the seconds. Raises StandsStill."""
    started = moved_at = time.perf_counter()
    left: tuple[int, ...] = ()
    while await connection.fetchval(_WAITING):
        await asyncio.sleep(_LOOK_EVERY_S)
        if time.perf_counter() - moved_at > _STANDSTILL_S:
            before, left = left, tuple(await connection.fetchrow(_LEFT))
            if left == before:
                raise StandsStill(
                    f"The worker moves nothing any more: {left[0]} deliveries, {left[1]} changes "
                    f"and {left[2]} totals wait. `fanfare worker` on such data says why."
                )
            moved_at = time.perf_counter()
    return time.perf_counter() - started


async def settled(connection: Any) -> None:
    """Wait until workers have made what they make once, as boards of periods that began.

    Raises StandsStill where they never come to rest.
    """
    began = quiet_since = time.perf_counter()
    while time.perf_counter() - quiet_since < _QUIET_S:
        if await connection.fetchval(_OTHERS):
            quiet_since = time.perf_counter()
        if time.perf_counter() - began > _MOST_S:
            raise StandsStill(
                f"The workers did not come to rest within {_MOST_S:.0f} s; is somebody else using "
                "these servers?"
            )
        await asyncio.sleep(_LOOK_EVERY_S)
