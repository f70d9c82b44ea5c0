"""A person's wallet: sums of their awards, computed and never kept.

Law: every figure is a sum over awards, their events and the moment; nothing is stored beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rewards.amounts import Amount
from rewards.awards.award import WON, AwardState, AwardView
from rewards.awards.reading import awards
from rewards.connection import Connection


@dataclass(frozen=True, slots=True)
class Wallet:
    """What a person has won; amounts by currency, then days; only those that are more than nothing."""

    won: tuple[Amount, ...]  # accepted, whether paid or not, less what came back
    waiting: tuple[Amount, ...]  # waits for an answer, or accepted and not paid yet
    paid: tuple[Amount, ...]  # less what came back
    days_left: int  # half days that can still be taken
    days_taken: int  # half days of confirmed dates that have begun
    awards: tuple[AwardView, ...]  # all that they may see, the newest first


async def wallet(connection: Connection, person_id: int, now: datetime) -> Wallet:
    """What a person won, what waits, what was paid, and their vacation days."""
    found = await awards(connection, person_id=person_id)
    return wallet_of([one for one in found if seen_by_winner(one)], now)


def seen_by_winner(view: AwardView) -> bool:
    """Whether the winner was told of it: what is still to be approved is nobody's yet. Pure."""
    return view.told_at is not None


def wallet_of(found: Iterable[AwardView], now: datetime) -> Wallet:
    """The wallet of these awards at a moment. Pure."""
    found = sorted(found, key=lambda one: one.id, reverse=True)
    waits = {AwardState.APPROVED, AwardState.ACCEPTED, AwardState.EXPORTED}
    return Wallet(
        won=_sum(one for one in found if one.state in WON),
        waiting=_sum(one for one in found if one.state in waits),
        paid=_sum(one for one in found if one.state is AwardState.PAID),
        days_left=sum(days_left_of(one, now) for one in found),
        days_taken=sum(_taken(one, now) for one in found),
        awards=tuple(found),
    )


def days_left_of(view: AwardView, now: datetime) -> int:
    """Half days of an award that can still be taken: accepted, not planned, not expired. Pure."""
    if not view.gives_days or view.state not in WON or view.amount is None:
        return 0
    today = now.astimezone(ZoneInfo(view.terms.zone)).date()
    if view.expired or (view.expires_on is not None and today > view.expires_on):
        return 0
    planned = sum(wish.half_days for wish in view.dates if wish.state == "confirmed")
    return max(0, view.amount.units - view.recovered - planned)


def _taken(view: AwardView, now: datetime) -> int:
    today: date = now.astimezone(ZoneInfo(view.terms.zone)).date()
    return sum(
        wish.half_days for wish in view.dates if wish.state == "confirmed" and wish.on <= today
    )


def _sum(found: Iterable[AwardView]) -> tuple[Amount, ...]:
    sums: dict[str | None, int] = {}
    for one in found:
        if one.amount is not None:
            worth = one.amount.units - one.recovered
            sums[one.amount.currency] = sums.get(one.amount.currency, 0) + worth
    kinds = sorted(sums, key=lambda currency: (currency is None, currency or ""))
    amounts = (Amount(sums[currency], currency) for currency in kinds)
    return tuple(amount for amount in amounts if amount.units)
