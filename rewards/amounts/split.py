"""Dividing money among several without losing or making a cent. Pure."""

from __future__ import annotations

from rewards.amounts.amount import Amount, Kind
from rewards.refusal import Refused


class DaysDoNotSplit(Refused):
    """Vacation days go whole to one person; ties about them need an order."""


def split(amount: Amount, parts: int) -> list[Amount]:
    """`amount` in `parts` shares that differ by one minor unit at most; the first get the remainder.

    The sum of the shares is the amount. Raises DaysDoNotSplit for days.
    """
    if parts < 1:
        raise ValueError(f"an amount cannot be divided into {parts} parts")
    if amount.kind is Kind.DAYS:
        raise DaysDoNotSplit("Vacation days are never divided among several people.")
    share, remainder = divmod(amount.units, parts)
    return [
        Amount(units=share + (1 if number < remainder else 0), currency=amount.currency)
        for number in range(parts)
    ]
