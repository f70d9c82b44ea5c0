"""What a payout says of one award, before a format puts it into columns. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rewards.amounts import Amount, exponent


@dataclass(frozen=True, slots=True)
class Line:
    """One award for one person."""

    reference: str  # comes back in the file that says what was paid
    number: str  # what payroll calls the person; "": not known
    name: str
    email: str
    department: str
    amount: Amount
    contest: str
    accepted_on: date
    gross_up: bool  # the company bears the tax


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for the whole file."""

    payout: str  # P-2026-0001
    made_on: date
    currency: str | None
    settings: Mapping[str, str] = field(default_factory=dict)

    def setting(self, name: str) -> str:
        """What the company set; "" where nothing was."""
        return self.settings.get(name, "")


def figure(amount: Amount, decimal: str = ".") -> str:
    """The bare number: all decimals of the currency (“25.00”), days with a half or without (“2”, “1.5”).

    `decimal` is the sign before the decimals. Amounts of a payout are never negative.
    """
    if amount.units < 0:
        raise ValueError("a payout holds no negative amount")
    if amount.currency is None:
        whole, half = divmod(amount.units, 2)
        return f"{whole}{decimal}5" if half else str(whole)
    places = exponent(amount.currency)
    if not places:
        return str(amount.units)
    digits = str(amount.units).rjust(places + 1, "0")
    return f"{digits[:-places]}{decimal}{digits[-places:]}"
