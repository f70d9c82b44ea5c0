"""Prizes as typed. Pure.

Law: a prize that can be published says who wins it, what, how often at most, and from which budget of
that kind, currency and period it is paid.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from rewards.amounts import Amount, AmountUnclear, Kind, in_words
from rewards.amounts import typed as typed_amount
from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.contests.form.context import FormContext
from rewards.contests.form.typed import Typed
from rewards.prizes import prize_kinds

MOST_PRIZES: Final = 20
MOST_PLACES: Final = 100
MOST_WINNERS: Final = 100_000
MOST_VALUE: Final = 10**12
_LINE: Final = re.compile(r"prize_([1-9]\d?)_\w+")


class Wanted(NamedTuple):
    """Who wins a prize."""

    first_place: int | None = None
    last_place: int | None = None
    reach: int | None = None
    at_most: int | None = None


def read_prizes(
    typed: Typed, values: list[str], context: FormContext, who: str, end_at: datetime | None
) -> tuple[Prize, ...]:
    """The prizes of a form, numbered as they stand; `values` are the names of its fields."""
    lines = sorted({int(match[1]) for name in values if (match := _LINE.fullmatch(name))})
    lines = [
        line
        for line in lines
        if typed.value(f"prize_{line}_for") or typed.value(f"prize_{line}_what")
    ]
    if len(lines) > MOST_PRIZES:
        typed.wrong("prizes", f"A contest has {MOST_PRIZES} prizes at most; this has {len(lines)}.")
        lines = lines[:MOST_PRIZES]
    found = [
        _prize(typed, line, number, context, who, end_at) for number, line in enumerate(lines, 1)
    ]
    prizes = [prize for prize in found if prize is not None]
    _no_place_twice(typed, prizes, lines)
    return tuple(prizes)


def _prize(
    typed: Typed, line: int, number: int, context: FormContext, who: str, end_at: datetime | None
) -> Prize | None:
    p = f"prize_{line}_"
    for_ = typed.choice(
        p + "for", ("place", "reach", "draw"), ask="Say who wins it.", default="place"
    )
    kind = PrizeKind.DRAW if for_ == "draw" else PrizeKind(
        typed.choice(
            p + "kind",
            tuple(name for name in prize_kinds() if name != "draw"),
            ask="Say what kind of prize it is.",
            default="cash",
        )
    )  # fmt: skip
    if who != "people" and for_ == "reach":
        # Nobody reaches a mean at a moment of their own, so there would be no first.
        typed.wrong(p + "for", "A value to reach is for people. Teams win places.")
    wanted = _wanted(typed, p, for_)
    among = Among(typed.choice(p + "among", tuple(Among), ask="Say among whom.", default="each"))
    before = len(typed.errors)
    amounts, text, budgets = _what(typed, p, kind, context, end_at)
    if who != "people" and not prize_kinds()[kind].for_teams:
        typed.wrong(p + "kind", prize_kinds()[kind].why_not_for_teams)
    if len(typed.errors) > before or wanted is None:
        return None
    return Prize(
        number=number, kind=kind, among=among, amounts=amounts, text=text, budgets=budgets,
        **wanted._asdict(),
    )  # fmt: skip


def _wanted(typed: Typed, p: str, for_: str) -> Wanted | None:
    if for_ == "place":
        first = typed.number(p + "from", least=1, most=MOST_PLACES, what="a place", default=1) or 1
        last = (
            typed.number(p + "to", least=1, most=MOST_PLACES, what="a place", default=first)
            or first
        )
        if last < first:
            typed.wrong(p + "to", f"Write {first} or a later place.")
            return None
        return Wanted(first_place=first, last_place=last)
    reach = typed.number(p + "reach", least=1, most=MOST_VALUE, what="what must be reached")
    at_most = typed.number(
        p + "at_most", least=1, most=MOST_WINNERS, what="how many win it at most"
    )
    return None if reach is None or at_most is None else Wanted(reach=reach, at_most=at_most)


def _what(
    typed: Typed, p: str, kind: PrizeKind, context: FormContext, end_at: datetime | None
) -> tuple[tuple[Amount, ...], str | None, tuple[int, ...]]:
    """What each winner gets, and from which budgets."""
    if kind is PrizeKind.RECOGNITION:
        return (
            (),
            typed.text(p + "what", ask="Say what it is, such as “Breakfast with the board”."),
            (),
        )
    fields = [(p + "what", p + "budget")]
    if kind is PrizeKind.CHOICE:
        fields.append((p + "or", p + "budget_2"))
    amounts, budgets = [], []
    for what, budget in fields:
        amount = _amount(typed, what, kind)
        chosen = _budget(typed, budget, amount, context, end_at) if amount else None
        if amount is not None and chosen is not None:
            amounts.append(amount)
            budgets.append(chosen)
    if kind is PrizeKind.CHOICE and {amount.kind for amount in amounts} != {Kind.CASH, Kind.DAYS}:
        typed.wrong(p + "or", "A choice is between money and vacation days: write one of each.")
    return tuple(amounts), None, tuple(budgets)


_KINDS: Final = {PrizeKind.CASH: Kind.CASH, PrizeKind.DAYS: Kind.DAYS}


def _amount(typed: Typed, field: str, kind: PrizeKind) -> Amount | None:
    try:
        return typed_amount(typed.value(field), kind=_KINDS.get(kind))
    except AmountUnclear as unclear:
        typed.wrong(field, str(unclear))
        return None


def _budget(
    typed: Typed, field: str, amount: Amount, context: FormContext, end_at: datetime | None
) -> int | None:
    """The budget that was chosen, or the only one that will do."""
    fitting = [
        budget
        for budget in context.budgets.values()
        if budget.kind is amount.kind and budget.currency == amount.currency
    ]
    what = "vacation days" if amount.currency is None else amount.currency
    if not fitting:
        typed.wrong(field, f"There is no budget of {what}. Open one under Budgets first.")
        return None
    # A contest that ends at midnight belongs to the day that is over.
    day = (
        None
        if end_at is None
        else (end_at - timedelta(microseconds=1)).astimezone(context.zone).date()
    )
    chosen = typed.value(field)
    if not chosen:
        in_time = [b for b in fitting if day is None or b.starts_on <= day <= b.ends_on]
        if len(in_time) == 1:
            return in_time[0].id
        typed.wrong(
            field,
            f"Several budgets fit: choose the one that {in_words(amount)} comes from."
            if in_time
            else f"No budget of {what} is for the day the contest ends on, {day}. Open one under "
            "Budgets, or let it end earlier.",
        )
        return None
    budget = next((one for one in fitting if str(one.id) == chosen), None)
    if budget is None:
        typed.wrong(field, f"That is no budget of {what}. Choose one that is.")
        return None
    if day is not None and not budget.starts_on <= day <= budget.ends_on:
        typed.wrong(
            field,
            f"“{budget.name}” is for {budget.starts_on:%Y-%m-%d} to {budget.ends_on:%Y-%m-%d}, and the "
            f"contest ends on {day:%Y-%m-%d}.",
        )
        return None
    return budget.id


def _no_place_twice(typed: Typed, prizes: list[Prize], lines: list[int]) -> None:
    """In one standing a place wins one prize, so that everybody can read what it is."""
    taken: dict[tuple[str, Among, int], int] = {}
    for prize in prizes:
        if prize.first_place is None:
            continue
        for place in range(prize.first_place, (prize.last_place or prize.first_place) + 1):
            before = taken.setdefault((prize.mode, prize.among, place), prize.number)
            if before != prize.number:
                typed.wrong(
                    f"prize_{lines[prize.number - 1]}_from",
                    f"Prize {before} is for place {place} already; join them, or choose another place.",
                )
