"""Money as people type it: a number and what names its currency, in either order. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Final

from babel.numbers import get_currency_name

from rewards.amounts.amount import Amount
from rewards.amounts.currency import currency_codes, exponent
from rewards.amounts.number import HABITS, Number, convention, plain, read_number
from rewards.amounts.words import in_words, symbol
from rewards.refusal import Refused

# A separator may begin a number (“.5 €”), and end a sign (“Rs.200”).
_MONEY: Final = re.compile(
    r"(?P<before>[^0-9]*?)\s*(?P<number>(?:(?<!\S)[.,])?[0-9](?:.*[0-9])?)(?P<after>[^0-9]*)"
)


def money(text: str, currencies: Collection[str] | None, locale: str) -> Amount:
    """The amount in “200 €” or “EUR 200”; raises Refused with a sentence."""
    found = _MONEY.fullmatch(text)
    if found is None:
        raise Refused(f"“{text}” is not an amount. Write it like {example(currencies, locale)}.")
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
    return f"“{text}” is not an amount. Write it like {example({currency}, locale)}."


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
        raise Refused(f"“{text}” says no currency. Write it like {example(currencies, locale)}.")
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
    return plain(sign).casefold()


def example(currencies: Collection[str] | None, locale: str) -> str:
    """How an amount can be written here."""
    currency = min(currencies or ("EUR",))
    amount = Amount(units=200 * 10 ** exponent(currency), currency=currency)
    return f"“{in_words(amount, locale)}”"
