"""Deliveries that wait for a worker, and those that did not become facts.

Law: a delivery is pending, or its newest outcome says why it is not, or its facts are stored.
Claiming happens inside the worker's transaction: a worker that dies leaves its deliveries pending.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from asyncpg import Record

from scoring.connection import Connection
from scoring.facts import Delivery

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
class SetAside:
    """A delivery that could not be read; `size` in bytes, None where the raw body is gone."""

    delivery_id: int
    recorded_on: date
    platform: str
    reason: str
    set_aside_at: datetime
    times: int
    size: int | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """How often deliveries of a platform were of no interest, for the same reason."""

    platform: str
    reason: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryFile:
    """All that is known of one delivery. `delivery` is None where the raw body is gone by now."""

    delivery: Delivery | None
    pending: bool
    outcomes: tuple[tuple[datetime, str, str], ...]  # recorded_at, outcome, reason; oldest first


async def claim(connection: Connection, limit: int) -> list[Delivery]:
    """Take up to `limit` pending deliveries, oldest first, out of the queue and return them.

    Inside the caller's transaction: commit means done, rollback means pending again. Others that
    claim meanwhile get other deliveries. Returns fewer when their bodies exceed `CLAIM_BYTES`.
    """
    waiting = await connection.fetch(
        "select delivery_id, recorded_on from pending_delivery order by delivery_id limit $1"
        " for update skip locked",
        limit,
    )
    if not waiting:
        return []
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
        claimed += [_delivery(row) for row in rows]
        room -= sum(len(row["body"]) for row in rows)
        taken = {row["id"] for row in rows}
        # One whose raw body was dropped leaves the queue too, unless we stopped short.
        done += [id_ for id_ in ids if id_ in taken or room > 0]
    await connection.execute(
        "delete from pending_delivery where delivery_id = any($1::bigint[])", done
    )
    return sorted(claimed, key=lambda delivery: delivery.id)


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


# The newest row says where a delivery stands.
_STANDING_ASIDE = """
  from delivery_outcome o
  where o.outcome = 'set_aside' and not exists
    (select from delivery_outcome n where n.delivery_id = o.delivery_id and n.id > o.id)
"""

_NAMED = " from delivery_outcome o where o.delivery_id = any($1::bigint[])"


async def set_aside_list(
    connection: Connection, limit: int = 100, platform: str | None = None
) -> list[SetAside]:
    """The deliveries that are set aside now, newest first."""
    rows = await connection.fetch(
        "select o.delivery_id, o.recorded_on, o.platform, o.reason, o.recorded_at,"
        " (select count(*) from delivery_outcome t where t.delivery_id = o.delivery_id"
        "  and t.outcome = 'set_aside') as times,"
        " (select octet_length(d.body) from delivery d where d.recorded_on = o.recorded_on"
        "  and d.id = o.delivery_id) as size"
        + _STANDING_ASIDE
        + " and ($2::text is null or o.platform = $2) order by o.id desc limit $1",
        limit,
        platform,
    )
    return [SetAside(*row.values()) for row in rows]


async def set_aside_count(connection: Connection) -> int:
    """How many deliveries are set aside now."""
    return int(await connection.fetchval("select count(*)" + _STANDING_ASIDE))


async def ignored_counts(connection: Connection, since_at: datetime) -> list[Ignored]:
    """What was ignored since a moment, by platform and reason, the most frequent first."""
    rows = await connection.fetch(
        "select platform, reason, count(*), max(recorded_at) from delivery_outcome"
        " where outcome = 'ignored' and recorded_at >= $1"
        " group by platform, reason order by count(*) desc, platform, reason",
        since_at,
    )
    return [Ignored(*row.values()) for row in rows]


async def retry(
    connection: Connection, delivery_ids: Sequence[int] | None, now: datetime, why: str
) -> list[int]:
    """Put deliveries back into the queue and return the ids of those that were.

    None means all that are set aside. A delivery named by its id may also be an ignored one. Those
    whose raw body is gone are left out. `why` is kept in the delivery's history; nothing is erased.
    """
    chosen = _STANDING_ASIDE if delivery_ids is None else _NAMED
    async with connection.transaction():
        rows = await connection.fetch(
            "with chosen as (select distinct o.delivery_id, o.recorded_on, o.platform"
            + chosen
            + "), queued as (insert into pending_delivery (delivery_id, recorded_on)"
            " select delivery_id, recorded_on from chosen where exists (select from delivery d"
            "  where d.recorded_on = chosen.recorded_on and d.id = chosen.delivery_id)"
            " on conflict do nothing returning delivery_id)"
            " select * from chosen where delivery_id in (select delivery_id from queued)"
            " order by delivery_id",
            *(() if delivery_ids is None else (list(delivery_ids),)),
        )
        retried = [
            Outcome(row["delivery_id"], row["recorded_on"], row["platform"], "retried", why)
            for row in rows
        ]
        await record_outcomes(connection, retried, now)
    return [row["delivery_id"] for row in rows]


async def delivery_file(connection: Connection, delivery_id: int) -> DeliveryFile | None:
    """One delivery with its history, or None if there never was one of this id."""
    outcomes = await connection.fetch(
        "select recorded_at, outcome, reason from delivery_outcome where delivery_id = $1"
        " order by id",
        delivery_id,
    )
    row = await connection.fetchrow(
        "select id, platform, source, headers, body, received_at from delivery where id = $1",
        delivery_id,
    )
    pending = await connection.fetchval(
        "select exists (select from pending_delivery where delivery_id = $1)", delivery_id
    )
    if row is None and not outcomes:
        return None
    return DeliveryFile(
        None if row is None else _delivery(row),
        bool(pending),
        tuple((o["recorded_at"], o["outcome"], o["reason"]) for o in outcomes),
    )


def _delivery(row: Record) -> Delivery:
    headers = row["headers"]
    return Delivery(
        id=row["id"],
        platform=row["platform"],
        source=row["source"],
        # Text unless the caller's connection has a codec for jsonb.
        headers=json.loads(headers) if isinstance(headers, str) else headers,
        body=row["body"],
        received_at=row["received_at"],
    )


def _storable(text: str) -> str:
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
