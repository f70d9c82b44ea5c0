"""Deliveries that did not become facts: which, why, and trying them again.

Law: nothing is thrown away; a delivery that is set aside stays so until it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scoring.connection import Connection
from scoring.facts import Delivery
from scoring.inbox import Outcome, delivery_of, record_outcomes


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


async def set_aside_count(connection: Connection, platform: str | None = None) -> int:
    """How many deliveries are set aside now, of all networks or of one."""
    return int(
        await connection.fetchval(
            "select count(*)" + _STANDING_ASIDE + " and ($1::text is null or o.platform = $1)",
            platform,
        )
    )


async def set_aside_counts(connection: Connection) -> dict[str, int]:
    """How many deliveries are set aside now, by network."""
    rows = await connection.fetch(
        "select o.platform, count(*)::bigint as count" + _STANDING_ASIDE + " group by o.platform"
    )
    return {row["platform"]: row["count"] for row in rows}


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
    connection: Connection,
    delivery_ids: Sequence[int] | None,
    now: datetime,
    why: str,
    *,
    platform: str | None = None,
) -> list[int]:
    """Put deliveries back into the queue and return the ids of those that were.

    None means all that are set aside; `platform` keeps to one network. A delivery named by its id may
    also be an ignored one. Those whose raw body is gone are left out. `why` is kept in the delivery's
    history; nothing is erased.
    """
    named = delivery_ids is not None
    chosen = (_NAMED if named else _STANDING_ASIDE) + (
        f" and (${2 if named else 1}::text is null or o.platform = ${2 if named else 1})"
    )
    async with connection.transaction():
        rows = await connection.fetch(
            "with chosen as (select distinct o.delivery_id, o.recorded_on, o.platform"
            + chosen
            + "), queued as (insert into pending_delivery (delivery_id, recorded_on, again_at)"
            " select delivery_id, recorded_on, now() from chosen where exists (select from delivery d"
            "  where d.recorded_on = chosen.recorded_on and d.id = chosen.delivery_id)"
            " on conflict do nothing returning delivery_id)"
            " select * from chosen where delivery_id in (select delivery_id from queued)"
            " order by delivery_id",
            *(() if delivery_ids is None else (list(delivery_ids),)),
            platform,
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
        None if row is None else delivery_of(row),
        bool(pending),
        tuple((o["recorded_at"], o["outcome"], o["reason"]) for o in outcomes),
    )
