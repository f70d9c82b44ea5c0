"""Amounts as people type them. Pure.

Law: what is read has one reading. A text that follows the locale is read by it; one that follows
another country's habit (“1.234,50 €” on an English page) is not guessed at: the sentence shows what
it could mean, written the way that is understood here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Final

from babel.numbers import get_currency_name

from rewards.amounts.amount import Amount, Kind
from rewards.amounts.currency import currency_codes, exponent
from rewards.amounts.days import half_days, of_days
from rewards.amounts.number import HABITS, Number, convention, read_number
from rewards.amounts.words import in_words, symbol
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
        amount = _read(_plain(text), currencies, kind, locale)
        _within(amount, least, locale)
    except Refused as refused:
        raise AmountUnclear(str(refused), field=field) from None
    return amount


def _plain(text: str) -> str:
    """Digits of any script as 0–9, every space the same, no marks of direction."""
    plain = []
    for character in text:
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            plain.append(str(digit))
        elif character.isspace():
            plain.append(" ")
        elif unicodedata.category(character) != "Cf":
            plain.append({"٫": ".", "٬": ","}.get(character, character))
    return " ".join("".join(plain).split())


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
    return _money(text, currencies, locale)


# A separator may begin a number (“.5 €”), and end a sign (“Rs.200”).
_MONEY: Final = re.compile(
    r"(?P<before>[^0-9]*?)\s*(?P<number>(?:(?<!\S)[.,])?[0-9](?:.*[0-9])?)(?P<after>[^0-9]*)"
)


def _money(text: str, currencies: Collection[str] | None, locale: str) -> Amount:
    found = _MONEY.fullmatch(text)
    if found is None:
        raise Refused(f"“{text}” is not an amount. Write it like {_example(currencies, locale)}.")
    currency = _currency(text, found["before"].strip(), found["after"].strip(), currencies, locale)
    number = read_number(found["number"], convention(locale, money=True))
    units = None if number is None else number.units(exponent(currency))
    if units is None:
        raise Refused(_unreadable(text, found["number"], number, currency, locale))
    return Amount(units=units, currency=currency)


def _unreadable(text: str, digits: str, number: Number | None, currency: str, locale: str) -> str:
    """What is wrong with a number that the locale does not know, and what it may have meant."""
    decimals = exponent(currency)
    meant = {
        units
        for habit in HABITS
        if (other := read_number(digits, habit)) is not None
        and (units := other.units(decimals)) is not None
    }
    if meant:
        ways = " or ".join(
            in_words(Amount(units=units, currency=currency), locale) for units in sorted(meant)
        )
        which = "that" if len(meant) == 1 else "the one you mean"
        return f"“{text}” is not how an amount is written here. If you mean {ways}, write {which}."
    if number is not None:
        smallest = in_words(Amount(units=1, currency=currency), locale)
        return f"“{text}” has too many decimals: the smallest step is {smallest}."
    return f"“{text}” is not an amount. Write it like {_example({currency}, locale)}."


def _currency(
    text: str, before: str, after: str, currencies: Collection[str] | None, locale: str
) -> str:
    named: dict[str, str] = {}
    for sign in filter(None, (before, after)):
        code = _signs(locale).get(_folded(sign))
        if code is None:
            raise Refused(
                f"“{sign}” is not a currency here. Write its three letters, such as EUR, USD or JPY."
            )
        named[code] = sign
    if not named and currencies is not None and len(currencies) == 1:
        return next(iter(currencies))
    if not named:
        raise Refused(f"“{text}” says no currency. Write it like {_example(currencies, locale)}.")
    if len(named) == 2:
        raise Refused(f"“{text}” says two currencies. Write one of them.")
    [currency] = named
    if currencies is not None and currency not in currencies:
        usable = ", ".join(sorted(currencies)) or "none"
        name = get_currency_name(currency, locale=locale)
        raise Refused(f"{name} ({currency}) cannot be used here. Currencies here: {usable}.")
    return currency


@cache
def _signs(locale: str) -> dict[str, str]:
    """What names a currency in a locale, folded; what names two names none."""
    names: dict[str, str | None] = {}
    for code in sorted(currency_codes()):
        called = {
            symbol(code, locale),
            *(get_currency_name(code, count=count, locale=locale) for count in (None, 1, 2)),
        }
        for name in {_folded(name) for name in called}:
            names[name] = code if name not in names else None
    names |= {_folded(code): code for code in currency_codes()}
    return {name: code for name, code in names.items() if code is not None}


def _folded(sign: str) -> str:
    return _plain(sign).casefold()


def _example(currencies: Collection[str] | None, locale: str) -> str:
    currency = min(currencies or ("EUR",))
    amount = Amount(units=200 * 10 ** exponent(currency), currency=currency)
    return f"“{in_words(amount, locale)}”"


def _like(currencies: Collection[str] | None, kind: Kind | None, locale: str) -> str:
    """What can be written, as examples."""
    if kind is Kind.DAYS:
        return "“2 vacation days” or “1.5 days”"
    money = _example(currencies, locale)
    return money if kind is Kind.CASH else f"{money} or “2 vacation days”"


def _within(amount: Amount, least: int, locale: str) -> None:
    if amount.units > MOST_UNITS:
        most = in_words(Amount(units=MOST_UNITS, currency=amount.currency), locale)
        raise Refused(
            f"{in_words(amount, locale)} is too much: {most} is the most an amount can be."
        )
    if amount.units < least:
        fewest = in_words(Amount(units=least, currency=amount.currency), locale)
        raise Refused(f"{in_words(amount, locale)} is too little: write {fewest} or more.")
