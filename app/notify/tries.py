"""How telling others goes, for hooks and channels alike: each try noted, each delivery counted.

Law: a delivery that is over stays as it is, whoever comes back late from a try.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.database import Connection
from app.notify.posting import Answer

Way = Literal["hook", "channel"]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many deliveries stand where."""

    delivered: int = 0
    waiting: int = 0
    given_up: int = 0


async def note_try(
    connection: Connection,
    way: Way,
    delivery_id: int,
    answer: Answer,
    *,
    attempts: int,
    again_at: datetime | None,
    now: datetime,
) -> None:
    """Note one try, `attempts` with this one; `again_at` None: it was taken, or is given up."""
    state = "delivered" if answer.taken else "given_up" if again_at is None else "waiting"
    await connection.execute(
        f"""insert into {way}_attempt (delivery_id, status, said, took_ms, recorded_at)
            values ($1, $2, $3, $4, $5)""",
        delivery_id,
        answer.status,
        answer.said,
        answer.took_ms,
        now,
    )
    await connection.execute(
        f"""update {way}_delivery set state = $2, attempts = $3, next_at = $4
            where id = $1 and state = 'waiting'""",
        delivery_id,
        state,
        attempts,
        again_at,
    )


async def try_again(
    connection: Connection, way: Way, way_id: int, now: datetime, delivery_id: int | None = None
) -> int:
    """Let one delivery of a hook or channel wait anew, or all that were given up; how many."""
    status: str = await connection.execute(
        f"""update {way}_delivery set state = 'waiting', next_at = $3, attempts = 0
            where {way}_id = $1 and (id = $2 or ($2::bigint is null and state = 'given_up'))""",
        way_id,
        delivery_id,
        now,
    )
    return int(status.rpartition(" ")[2])


async def tallies(connection: Connection, way: Way) -> dict[int, Tally]:
    """For each hook or channel that was ever told something, how much of it stands where."""
    rows = await connection.fetch(
        f"""select {way}_id as id, count(*) filter (where state = 'delivered') as delivered,
              count(*) filter (where state = 'waiting') as waiting,
              count(*) filter (where state = 'given_up') as given_up
            from {way}_delivery group by {way}_id"""
    )
    return {row["id"]: Tally(*tuple(row)[1:]) for row in rows}
