"""Somebody leaves the company after a contest was decided.

Law: money that was won stays theirs, without another answer; days that were not taken are settled by
HR in words, for there is nobody left to take them.
"""

from __future__ import annotations

from datetime import datetime

from rewards.amounts import Kind
from rewards.awards.answering import take
from rewards.awards.award import OPEN, AwardState, AwardView
from rewards.awards.dates import half_days_left
from rewards.awards.own import is_own
from rewards.awards.reading import award, awards
from rewards.awards.record import give_back, locked, note
from rewards.connection import Connection
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit


async def person_left(
    connection: Connection, person_id: int, now: datetime, *, by: int | None = None
) -> None:
    """Note it on all awards that are not at their end; approved money is accepted in their place.

    `by` is who of HR said so; None: the company's own systems. Raises Refused for who may not.
    """
    async with connection.transaction():
        if by is not None and (by == person_id or not await holds(connection, by, "hr")):
            raise Refused("Somebody else with the role HR notes that a person left the company.")
        for view in await awards(connection, person_id=person_id):
            if not may_note_leaving(view):
                continue
            view = await locked(connection, view.id)
            if not may_note_leaving(view):
                continue
            await note(connection, view.id, "left", by=by, now=now)
            await record_audit(connection, by, "winner_left", f"award:{view.id}", {}, now)
            await keep_for_leaver(connection, await award(connection, view.id), now)


def may_note_leaving(view: AwardView) -> bool:
    """Whether it matters for an award that its winner left, and is not noted yet. Pure."""
    return not view.left and (view.state in OPEN or half_days_left(view) > 0)


async def keep_for_leaver(connection: Connection, view: AwardView, now: datetime) -> None:
    """Accept the money of a leaver's approved award in their place; the caller has locked it."""
    if view.state is not AwardState.APPROVED:
        return
    if any(held.amount.kind is Kind.CASH for held in view.options) or not view.options:
        await take(connection, view, Kind.CASH, by=None, now=now)


async def settle_days(
    connection: Connection, award_id: int, *, by: int, reason: str, now: datetime
) -> AwardView:
    """Write down how a leaver's untaken days were settled; if not yet paid, they are void."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("Say how the days were settled.", field="reason")
    async with connection.transaction():
        view = await locked(connection, award_id)
        if view.expired or view.state is AwardState.VOIDED:
            return view  # a double click
        if await is_own(connection, view, by) or not await holds(connection, by, "hr"):
            raise Refused("Somebody else with the role HR settles this.")
        if not needs_settling(view):
            raise Refused("Nothing of this award is left to settle.")
        if view.state is AwardState.EXPORTED:
            raise Refused("This award is in a payout file. Import what payroll says of it first.")
        if view.state is AwardState.PAID:
            detail = {"half_days": half_days_left(view)}
            await note(
                connection, award_id, "expired", by=by, reason=reason, now=now, detail=detail
            )
        else:
            await note(connection, award_id, "voided", by=by, reason=reason, now=now)
            await give_back(connection, view, by=by, reason=f"settled: {reason}", now=now)
        await record_audit(connection, by, "days_settled", f"award:{award_id}", {}, now)
        return await award(connection, award_id)


def needs_settling(view: AwardView) -> bool:
    """Whether HR still has to say what became of a leaver's days. Pure."""
    if not view.left or not view.gives_days:
        return False
    if view.state is AwardState.APPROVED:
        return True
    return half_days_left(view) > 0
