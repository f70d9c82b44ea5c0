"""Writing about an award: who does locks it first, then reads it anew.

Law: locks are taken in one order (contest, budgets by id, awards by id), so two people at once wait
for one another and never for ever; the second sees what the first did.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from rewards.awards.award import AwardView
from rewards.awards.reading import NoSuchAward, award
from rewards.budgets import expire, void
from rewards.connection import Connection
from rewards.events import EventType, emit


async def locked(connection: Connection, award_id: int, *, with_contest: bool = False) -> AwardView:
    """An award that nobody else can change until the caller's transaction ends. Raises NoSuchAward."""
    row = await connection.fetchrow(
        "select contest_id, reservation_id, days_reservation_id from award where id = $1", award_id
    )
    if row is None:
        raise NoSuchAward
    if with_contest:
        await connection.execute(
            "select from contest where id = $1 for no key update", row["contest_id"]
        )
    await connection.execute(
        """select from budget where id in (
             select budget_id from reservation where id = any($1::bigint[]))
           order by id for no key update""",
        [id for id in (row["reservation_id"], row["days_reservation_id"]) if id is not None],
    )
    await connection.execute("select from award where id = $1 for no key update", award_id)
    return await award(connection, award_id)


async def note(
    connection: Connection,
    award_id: int,
    kind: str,
    *,
    by: int | None,
    now: datetime,
    for_person: int | None = None,
    reason: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Record a step; returns the event's id."""
    event_id: int = await connection.fetchval(
        """insert into award_event (award_id, kind, person_id, for_person, reason, detail, recorded_at)
           values ($1, $2, $3, $4, $5, $6::jsonb, $7) returning id""",
        award_id,
        kind,
        by,
        for_person,
        reason,
        msgspec.json.encode(detail or {}).decode(),
        now,
    )
    return event_id


async def tell_others(
    connection: Connection, type: EventType, view: AwardView, now: datetime, **more: Any
) -> None:
    """Note for other systems what happened to an award: ids and amounts, no names."""
    amount = view.amount
    data = {
        "award_id": view.id,
        "contest_id": view.contest_id,
        "person_id": view.person_id,
        "kind": view.chosen.amount.kind.value if view.chosen else view.kind,
        "units": amount.units if amount else 0,
        "currency": amount.currency if amount else None,
    }
    await emit(connection, type, {**data, **more}, now)


async def give_back(
    connection: Connection,
    view: AwardView,
    *,
    by: int | None,
    reason: str,
    now: datetime,
    verb: Literal["void", "expire"] = "void",
) -> None:
    """What was set aside for an award is available again."""
    options = (view.chosen,) if view.chosen else view.options
    undo = void if verb == "void" else expire
    for held in sorted(options, key=lambda held: held.reservation_id):
        await undo(
            connection,
            held.reservation_id,
            view.id,
            held.amount.units,
            by=by,
            key=f"award:{view.id}:{held.reservation_id}:{verb}",
            reason=reason,
            now=now,
        )
