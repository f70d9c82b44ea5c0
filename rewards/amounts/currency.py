"""Currencies and their minor units. Pure.

Source: ISO 4217 list one as its maintenance agency publishes it, carried by the package `iso4217`
(list of 2026-01-01). Not CLDR's digits: those are what is usual in shops (0 for the Serbian dinar),
while payroll files and banks count in the standard's minor units (2).
"""

from __future__ import annotations

from functools import cache

from iso4217 import Currency

from rewards.refusal import Refused


class UnknownCurrency(Refused):
    """No currency of ISO 4217 that can be paid out has this code."""

    def __init__(self, code: str, *, field: str | None = None) -> None:
        super().__init__(
            f"“{code[:20]}” is not a currency. Write its three letters, such as EUR, USD or JPY.",
            field=field,
        )


@cache
def currency_codes() -> frozenset[str]:
    """Every code with a minor unit; metals, funds' units of account and test codes have none."""
    return frozenset(found.code for found in Currency if found.exponent is not None)


@cache
def exponent(currency: str) -> int:
    """How many decimals a currency has: EUR 2, JPY 0, KWD 3. Raises UnknownCurrency."""
    if currency not in currency_codes():
        raise UnknownCurrency(currency)
    return int(Currency(currency).exponent or 0)
