"""The winner's answer: accepting, choosing, declining; and passing on what was declined.

Law: only the winner answers, in time, once; what they did not choose is available again, and what they
decline is void or goes to the next in line, whose award is proposed anew.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from rewards.amounts import Kind, in_words
from rewards.awards.award import OPEN, WON, AwardState, AwardView
from rewards.awards.expiry import months_after
from rewards.awards.passing_on import pass_on
from rewards.awards.reading import award
from rewards.awards.record import give_back, locked, note, tell_others
from rewards.budgets import void
from rewards.connection import Connection
from rewards.refusal import Refused


async def accept(
    connection: Connection,
    award_id: int,
    *,
    by: int,
    now: datetime,
    choice: str | None = None,
) -> AwardView:
    """The winner accepts; where they may choose, `choice` is "cash" or "days". Raises Refused."""
    async with connection.transaction():
        view = await _answered_by(connection, award_id, by)
        if view.state in WON:
            if view.kind == "choice" and view.chosen and view.chosen.amount.kind != choice:
                raise Refused(
                    f"You chose {in_words(view.chosen.amount)} already, and that stays.",
                    field="choice",
                )
            return view
        _in_time(view, now)
        return await take(connection, view, choice, by=by, now=now)


async def take(
    connection: Connection, view: AwardView, choice: str | None, *, by: int | None, now: datetime
) -> AwardView:
    """Accept a locked award, by the winner or in their place (None: the clock)."""
    if view.kind == "choice":
        if choice not in (Kind.CASH, Kind.DAYS):
            raise Refused("Choose what you would like: the money or the days.", field="choice")
        await note(connection, view.id, "chosen", by=by, now=now, detail={"choice": choice})
        for held in view.options:
            if held.amount.kind != choice:
                await void(
                    connection,
                    held.reservation_id,
                    view.id,
                    held.amount.units,
                    by=by,
                    key=f"award:{view.id}:{held.reservation_id}:void",
                    reason="the winner chose otherwise",
                    now=now,
                )
        view = await award(connection, view.id)
    detail = {}
    months = view.terms.days_expire_months
    if view.gives_days and months is not None:
        today = now.astimezone(ZoneInfo(view.terms.zone)).date()
        detail = {"expires_on": months_after(today, months).isoformat()}
    await note(connection, view.id, "accepted", by=by, now=now, detail=detail)
    await tell_others(connection, "award.accepted", view, now)
    return await award(connection, view.id)


async def decline(connection: Connection, award_id: int, *, by: int, now: datetime) -> AwardView:
    """The winner declines, without a reason: void, or passed on once if the charter says so."""
    async with connection.transaction():
        view = await _answered_by(connection, award_id, by, with_contest=True)
        if view.state is AwardState.DECLINED:
            return view
        if view.state in WON:
            raise Refused("You accepted this award, so it cannot be declined any more.")
        _in_time(view, now)
        await note(connection, award_id, "declined", by=by, now=now)
        heir = await pass_on(connection, view, now)
        if heir is None:
            await note(
                connection, award_id, "voided", by=None, now=now, detail={"after": "declined"}
            )
            await give_back(connection, view, by=by, reason="declined", now=now)
        else:
            await note(connection, award_id, "passed_on", by=None, now=now, detail={"to": heir})
        await tell_others(connection, "award.declined", view, now, passed_to=heir)
        return await award(connection, award_id)


async def _answered_by(
    connection: Connection, award_id: int, by: int, *, with_contest: bool = False
) -> AwardView:
    view = await locked(connection, award_id, with_contest=with_contest)
    if by != view.person_id:
        raise Refused("Only the winner answers.")
    if view.told_at is None and view.state in OPEN:
        raise Refused("There is no such award.")  # nobody told them yet
    return view


def _in_time(view: AwardView, now: datetime) -> None:
    if view.state is AwardState.DECLINED:
        raise Refused("You declined this award, so it is gone.")
    if view.state is not AwardState.APPROVED:
        raise Refused("This award cannot be answered any more.")
    until = view.accept_by
    if until is None or now >= until:
        raise Refused("The time to answer is over, so this award lapses.")
