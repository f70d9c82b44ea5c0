"""What somebody won, what is still to come and what they have had. Pure over their awards.

Law: every figure is a sum over awards and their events, and what was paid agrees with the transfers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rewards.amounts import Amount
from rewards.awards.award import WON, AwardState, AwardView
from rewards.awards.dates import half_days_left
from rewards.awards.reading import awards
from rewards.connection import Connection
from scoring import everyone_of

_GOING: Final = frozenset({AwardState.ACCEPTED, AwardState.EXPORTED})
_HAD: Final = frozenset({AwardState.PAID, AwardState.RECOVERED})


@dataclass(frozen=True, slots=True)
class Wallet:
    """One person's awards, as far as they were told of them, and the sums over them.

    Amounts are one a currency, money first, days last; days are in half days.
    """

    won: tuple[Amount, ...]  # accepted, on its way or had, less what was taken back
    waiting: tuple[Amount, ...]  # of that, not yet paid
    paid: tuple[Amount, ...]
    days_left: int  # half days that can still be wished for
    days_planned: int  # wished for, or confirmed and still to come
    days_taken: int  # confirmed, and the day is here or past
    awards: tuple[AwardView, ...]  # the newest first


async def wallet(connection: Connection, person_id: int, now: datetime) -> Wallet:
    """A person's wallet, with what they won under another record of theirs; what they were not told of
    yet is not in it."""
    mine = [
        view
        for record in sorted(await everyone_of(connection, person_id))
        for view in await awards(connection, person_id=record)
    ]
    return wallet_of(sorted(mine, key=lambda view: view.id), now)


def wallet_of(everything: Sequence[AwardView], now: datetime) -> Wallet:
    """The wallet over these awards of one person."""
    told = [view for view in everything if view.told_at is not None]
    taken = planned = 0
    for view in told:
        today = now.astimezone(ZoneInfo(view.terms.zone)).date()
        for wish in view.dates:
            if wish.state == "confirmed" and wish.on <= today:
                taken += wish.half_days
            elif wish.state != "refused" and view.state in WON:
                planned += wish.half_days
    return Wallet(
        won=_sums([view for view in told if view.state in WON]),
        waiting=_sums([view for view in told if view.state in _GOING]),
        paid=_sums([view for view in told if view.state in _HAD]),
        days_left=sum(half_days_left(view) for view in told),
        days_planned=planned,
        days_taken=taken,
        awards=tuple(reversed(told)),
    )


def _sums(views: Sequence[AwardView]) -> tuple[Amount, ...]:
    sums: Counter[str | None] = Counter()
    for view in views:
        if view.chosen is not None:
            sums[view.chosen.amount.currency] += view.chosen.amount.units - view.recovered
    ordered = sorted(sums.items(), key=lambda item: (item[0] is None, item[0] or ""))
    return tuple(Amount(units, currency) for currency, units in ordered if units)
