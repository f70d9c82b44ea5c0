"""Amounts as people type them. Pure.

Law: what is read has one reading. A text that follows the locale is read by it; one that follows
another country's habit (“1.234,50 €” on an English page) is not guessed at: the sentence shows what
it could mean, written the way that is understood here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from rewards.amounts.amount import Amount, Kind
from rewards.amounts.days import half_days, of_days
from rewards.amounts.money import example, money
from rewards.amounts.number import convention, plain
from rewards.amounts.words import in_words
from rewards.refusal import Refused

MOST_UNITS: Final = 10**15  # sums of many of these still fit PostgreSQL's bigint
_LONGEST: Final = 80  # characters; the longest amount in words has about 40
_MINUS: Final = "-−–—"


class AmountUnclear(Refused):
    """What was typed is no amount, or not one that can be used here."""


def typed(
    text: str,
    *,
    currencies: Collection[str] | None = None,
    kind: Kind | None = None,
    locale: str = "en",
    least: int = 1,
    field: str | None = None,
) -> Amount:
    """The amount in “€200”, “200 EUR”, “1,234.50 €”, “2 vacation days”, “half a day”.

    `currencies`: those that can be used here; with a single one (or kind DAYS) a bare number will do.
    `least`: the fewest units. Raises AmountUnclear with a sentence for the person.
    """
    try:
        if len(text) > _LONGEST:
            raise Refused(f"This is too long to be an amount: “{text[:20]}…”.")
        amount = _read(plain(text), currencies, kind, locale)
        _within(amount, least, locale)
    except Refused as refused:
        raise AmountUnclear(str(refused), field=field) from None
    return amount


def _read(text: str, currencies: Collection[str] | None, kind: Kind | None, locale: str) -> Amount:
    if not text:
        raise Refused(f"Write an amount, such as {_like(currencies, kind, locale)}.")
    if text.startswith("(") or any(mark in text for mark in _MINUS):
        raise Refused(f"“{text}” is negative; an amount is never less than nothing.")
    days = of_days(text)
    if days is None and kind is Kind.DAYS:
        days = text
    if days is not None:
        if kind is Kind.CASH:
            raise Refused(f"Write an amount of money, such as {_like(currencies, kind, locale)}.")
        return Amount(units=half_days(days, convention(locale, money=False)))
    return money(text, currencies, locale)


def _like(currencies: Collection[str] | None, kind: Kind | None, locale: str) -> str:
    """What can be written, as examples."""
    if kind is Kind.DAYS:
        return "“2 vacation days” or “1.5 days”"
    cash = example(currencies, locale)
    return cash if kind is Kind.CASH else f"{cash} or “2 vacation days”"


def _within(amount: Amount, least: int, locale: str) -> None:
    if amount.units > MOST_UNITS:
        most = in_words(Amount(units=MOST_UNITS, currency=amount.currency), locale)
        raise Refused(
            f"{in_words(amount, locale)} is too much: {most} is the most an amount can be."
        )
    if amount.units < least:
        fewest = in_words(Amount(units=least, currency=amount.currency), locale)
        raise Refused(f"{in_words(amount, locale)} is too little: write {fewest} or more.")
