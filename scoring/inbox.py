"""Deliveries that wait for a worker, and what became of them.

Law: a delivery is pending, or its newest outcome says why it is not, or its facts are stored.
Claiming happens inside the worker's transaction: a worker that dies leaves its deliveries pending.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import msgspec
from asyncpg import Record

from scoring.connection import Connection
from scoring.facts import Delivery
from scoring.sweep import Sweep

# A claim's bodies in memory: a delivery may be 1 MiB, and a worker claims hundreds at once.
CLAIM_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a delivery stands that did not simply become facts; `reason` is a sentence for people.

    ignored: known, of no interest · set_aside: could not be read · retried: put back by hand ·
    processed: became facts after all.
    """

    delivery_id: int
    recorded_on: date
    platform: str
    outcome: Literal["ignored", "set_aside", "retried", "processed"]
    reason: str

    @classmethod
    def of(
        cls, delivery: Delivery, outcome: Literal["ignored", "set_aside", "processed"], reason: str
    ) -> Outcome:
        """The outcome of a claimed delivery."""
        day = delivery.received_at.astimezone(UTC).date()
        return cls(delivery.id, day, delivery.platform, outcome, reason)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Deliveries taken out of the queue; `again` are the ids of those that are read once more."""

    deliveries: list[Delivery]
    again: frozenset[int]
    last: int | None  # the highest id that left the queue
    full: bool  # whether there may be more beyond it


async def claim(connection: Connection, limit: int, sweep: Sweep | None = None) -> Claimed:
    """Take up to `limit` pending deliveries, oldest first, out of the queue and return them.

    Inside the caller's transaction: commit means done, rollback means pending again. Others that
    claim meanwhile get other deliveries. Returns fewer when their bodies exceed `CLAIM_BYTES`.
    With a `sweep` the look begins where it says.
    """
    waiting = await connection.fetch(
        "select delivery_id, recorded_on, again_at from pending_delivery where delivery_id > $2"
        " order by delivery_id limit $1 for update skip locked",
        limit,
        sweep.after if sweep else 0,
    )
    if not waiting:
        return Claimed([], frozenset(), None, full=False)
    days: dict[date, list[int]] = defaultdict(list)
    for row in waiting:
        days[row["recorded_on"]].append(row["delivery_id"])
    claimed: list[Delivery] = []
    done: list[int] = []
    room = CLAIM_BYTES
    for day, ids in sorted(days.items()):
        if room <= 0:
            break
        # By day, so that PostgreSQL looks into one partition and reads it by its index.
        rows = await connection.fetch(
            "select * from (select id, platform, source, headers, body, received_at,"
            " sum(octet_length(body)) over (order by id) - octet_length(body) as before"
            " from delivery where recorded_on = $1 and id = any($2::bigint[])) as told"
            " where before < $3 order by id",
            day,
            ids,
            room,
        )
        claimed += [delivery_of(row) for row in rows]
        room -= sum(len(row["body"]) for row in rows)
        taken = {row["id"] for row in rows}
        # One whose raw body was dropped leaves the queue too, unless we stopped short.
        done += [id_ for id_ in ids if id_ in taken or room > 0]
    await connection.execute(
        "delete from pending_delivery where delivery_id = any($1::bigint[])", done
    )
    again = frozenset(row["delivery_id"] for row in waiting if row["again_at"])
    full = len(waiting) == limit or len(done) < len(waiting)
    last = max(done, default=None)
    return Claimed(sorted(claimed, key=lambda delivery: delivery.id), again, last, full=full)


async def record_outcomes(
    connection: Connection, outcomes: Sequence[Outcome], now: datetime
) -> None:
    """Append outcomes, in the transaction that claimed the deliveries."""
    if not outcomes:
        return
    await connection.execute(
        "insert into delivery_outcome"
        " (delivery_id, recorded_on, platform, outcome, reason, recorded_at)"
        " select *, $6::timestamptz"
        " from unnest($1::bigint[], $2::date[], $3::text[], $4::text[], $5::text[])",
        [o.delivery_id for o in outcomes],
        [o.recorded_on for o in outcomes],
        [o.platform for o in outcomes],
        [o.outcome for o in outcomes],
        # A reason quotes what was sent; PostgreSQL holds neither NUL nor half characters.
        [_storable(o.reason) for o in outcomes],
        now,
    )


def delivery_of(row: Record) -> Delivery:
    """A row of the table `delivery`."""
    headers = row["headers"]
    return Delivery(
        id=row["id"],
        platform=row["platform"],
        source=row["source"],
        # Text unless the caller's connection has a codec for jsonb.
        headers=msgspec.json.decode(headers) if isinstance(headers, str) else headers,
        body=row["body"],
        received_at=row["received_at"],
    )


def _storable(text: str) -> str:
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
