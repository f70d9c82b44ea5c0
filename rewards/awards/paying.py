"""What payroll does: an accepted award goes out in a file, is paid, and may be recovered.

Law: paid is final. What comes back is a new transfer, with a reason, and never more than was paid.
"""

from __future__ import annotations

from datetime import date, datetime

from rewards.amounts import Amount, in_words
from rewards.awards.award import AwardState, AwardView
from rewards.awards.own import is_own
from rewards.awards.reading import award
from rewards.awards.record import locked, note, tell_others
from rewards.budgets import post
from rewards.budgets import recover as take_back
from rewards.connection import Connection
from rewards.notices import notify
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit


async def export(
    connection: Connection, award_id: int, *, payout: str, by: int, now: datetime
) -> AwardView:
    """The award stands in the payout file of this number. Raises Refused unless it is accepted."""
    async with connection.transaction():
        view = await locked(connection, award_id)
        done = view.happened("exported")
        if done is not None and done.detail["payout"] == payout:
            return view
        if not view.may("exported") or view.chosen is None:
            raise Refused("Only an accepted award of money or days goes into a payout.")
        await note(connection, award_id, "exported", by=by, now=now, detail={"payout": payout})
        await tell_others(connection, "award.exported", view, now, payout=payout)
        return await award(connection, award_id)


async def pay(
    connection: Connection,
    award_id: int,
    *,
    reference: str,
    paid_on: date,
    by: int,
    now: datetime,
) -> AwardView:
    """Payroll says it is paid: what was reserved is spent. The same reference again is harmless."""
    async with connection.transaction():
        view = await locked(connection, award_id)
        done = view.happened("paid")
        if done is not None and done.detail["reference"] == reference:
            return view
        if done is not None:
            raise Refused("This award was paid already, under another reference.")
        if not view.may("paid") or view.chosen is None:
            raise Refused("This award is in no payout file, so it cannot have been paid from one.")
        await post(
            connection,
            view.chosen.reservation_id,
            award_id,
            view.chosen.amount.units,
            by=by,
            key=f"award:{award_id}:paid",
            reason=f"paid, reference {reference}",
            now=now,
        )
        detail = {"reference": reference, "paid_on": paid_on.isoformat()}
        await note(connection, award_id, "paid", by=by, now=now, detail=detail)
        await tell_others(connection, "award.paid", view, now, paid_on=paid_on.isoformat())
        await notify(
            connection,
            view.person_id,
            "award_paid",
            {"contest": view.terms.contest, "amount": view.what},
            key=f"award_paid:{award_id}",
            now=now,
        )
        return await award(connection, award_id)


async def recover(
    connection: Connection,
    award_id: int,
    units: int,
    *,
    by: int,
    reason: str,
    now: datetime,
    key: str | None = None,
) -> AwardView:
    """Take back so many units of a paid award; `key` makes a form sent twice one recovery."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("Say why it is taken back: the winner reads it.", field="reason")
    async with connection.transaction():
        view = await locked(connection, award_id)
        key = key or f"award:{award_id}:recovered:{view.recovered}:{units}"
        if any(e.kind == "recovered" and e.detail["key"] == key for e in view.events):
            return view
        if await is_own(connection, view, by):
            raise Refused("Nobody decides about an award of their own.")
        if not await holds(connection, by, "hr"):
            raise Refused("People with the role HR take awards back.")
        if view.state is not AwardState.PAID or view.chosen is None:
            raise Refused("Only what was paid can be taken back.")
        left = view.chosen.amount.units - view.recovered - units
        await take_back(connection, award_id, units, by=by, key=key, reason=reason, now=now)
        detail = {"units": units, "left": left, "key": key}
        await note(connection, award_id, "recovered", by=by, reason=reason, now=now, detail=detail)
        await tell_others(connection, "award.recovered", view, now, recovered=units)
        await record_audit(
            connection, by, "award_recovered", f"award:{award_id}", {"units": units}, now
        )
        await notify(
            connection,
            view.person_id,
            "award_recovered",
            {"contest": view.terms.contest, "amount": _words(view, units), "reason": reason},
            key=f"award_recovered:{key}",
            now=now,
        )
        return await award(connection, award_id)


def _words(view: AwardView, units: int) -> str:
    assert view.amount is not None, "recognition is never paid"
    return in_words(Amount(units, view.amount.currency))
