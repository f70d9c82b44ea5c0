"""What a contest can cost at most. Pure.

Law: whatever happens in the contest, no budget pays more than this; publishing sets it aside whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from rewards.amounts import Amount
from rewards.contests.charter import Among, Charter, Prize


def worst_case(charter: Charter, prizes: Iterable[Prize] | None = None) -> dict[int, Amount]:
    """The most of each budget that all the charter's prizes, or some of them, can take."""
    worst: dict[int, Amount] = {}
    for prize in charter.prizes if prizes is None else prizes:
        times = how_often(charter, prize)
        for budget, amount in zip(prize.budgets, prize.amounts, strict=True):
            before = worst[budget].units if budget in worst else 0
            worst[budget] = Amount(before + amount.units * times, amount.currency)
    return worst


def worst_by_kind(charter: Charter) -> list[Amount]:
    """The same by currency, and days, over all budgets."""
    sums: dict[str | None, int] = {}
    for amount in worst_case(charter).values():
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.units
    return [Amount(units, currency) for currency, units in sums.items()]


def how_often(charter: Charter, prize: Prize) -> int:
    """How many can win a prize at most, in all brackets together."""
    if prize.first_place is not None:
        once = (prize.last_place or prize.first_place) - prize.first_place + 1
    else:
        once = prize.at_most or 0
    return once * (len(charter.brackets) if prize.among is Among.EACH else 1)
