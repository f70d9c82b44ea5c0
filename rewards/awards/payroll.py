"""What payouts ask of awards: which can go out, that they went out, that they were paid.

Law: awards are locked in the order of their ids, so two payouts at once never wait for ever; a payout
has all of its awards or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rewards.amounts import Amount, Kind, in_words
from rewards.awards.award import AwardState, AwardView
from rewards.awards.paying import export, pay
from rewards.awards.reading import award, awards
from rewards.connection import Connection
from rewards.refusal import Refused


async def exportable(
    connection: Connection, kind: Kind, currency: str | None = None
) -> list[AwardView]:
    """Accepted awards of money in a currency, or of days, that stand in no payout yet, oldest first."""
    return [
        view
        for view in await awards(connection, state=AwardState.ACCEPTED)
        if view.chosen is not None
        and view.chosen.amount.kind is kind
        and view.chosen.amount.currency == currency
    ]


async def mark_exported(
    connection: Connection, award_ids: Sequence[int], payout_id: int, *, by: int, now: datetime
) -> None:
    """These awards stand in a payout, all or none; the same once more does nothing. Raises Refused."""
    async with connection.transaction():
        number: str = await connection.fetchval(
            "select number from payout where id = $1", payout_id
        )
        for award_id in sorted(award_ids):
            await export(connection, award_id, payout=number, by=by, now=now)


async def mark_paid(
    connection: Connection,
    award_id: int,
    units: int,
    *,
    by: int,
    reference: str,
    now: datetime,
    paid_on: date | None = None,
) -> AwardView:
    """Payroll paid `units` for an award: reserved becomes spent. Raises Refused for another amount.

    `paid_on` None: today in the company's time zone.
    """
    view = await award(connection, award_id)
    if view.amount is None:
        raise Refused("Recognition is not paid.")
    if view.amount.units != units:
        raise Refused(
            f"{in_words(Amount(units, view.amount.currency))} was paid, and the award is"
            f" {in_words(view.amount)}."
        )
    paid_on = paid_on or now.astimezone(ZoneInfo(view.terms.zone)).date()
    return await pay(connection, award_id, reference=reference, paid_on=paid_on, by=by, now=now)
