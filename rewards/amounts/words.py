"""Amounts in words, as CLDR writes them in a locale. Pure.

Law: what stands here can be typed back: `typed(in_words(amount, locale), locale=locale) == amount`.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import NumberPattern, format_decimal, parse_pattern

from rewards.amounts.amount import Amount
from rewards.amounts.currency import currency_codes, exponent

NBSP = "\u00a0"


def in_words(amount: Amount, locale: str = "en") -> str:
    """“€200”, “€200.50”, “¥30,000”, “KWD 1.500”; “half a vacation day”, “2½ vacation days”.

    Cents are left out where there are none. Days are English, their digits the locale's.
    """
    if amount.currency is None:
        return _days(amount.units, locale)
    return _money(amount.units, amount.currency, locale)


@cache
def symbol(currency: str, locale: str) -> str:
    """What stands for a currency in a locale: its sign, or its code where two share the sign."""
    return _symbols(locale)[currency]


@cache
def _symbols(locale: str) -> dict[str, str]:
    known = Locale.parse(locale).currency_symbols
    signs = {code: str(known.get(code, code)) for code in currency_codes()}
    shared = Counter(_plain(sign) for sign in signs.values())
    return {code: sign if shared[_plain(sign)] == 1 else code for code, sign in signs.items()}


def _plain(sign: str) -> str:
    return sign.casefold().replace(NBSP, "").replace(" ", "")


@cache
def _pattern(locale: str, decimals: int) -> NumberPattern:
    pattern = parse_pattern(Locale.parse(locale).currency_formats["standard"].pattern)
    pattern.frac_prec = (decimals, decimals)
    return pattern


def _money(units: int, currency: str, locale: str) -> str:
    decimals = exponent(currency)
    shown = decimals if units % 10**decimals else 0
    # Without a currency the pattern leaves its place (¤): Babel's own digits and signs are not ours.
    text = _pattern(locale, shown).apply(Decimal(units).scaleb(-decimals), locale)
    before, place, after = text.partition("¤")
    sign = symbol(currency, locale)
    # CLDR's spacing of currencies: a letter never touches a digit.
    if before[-1:].isdigit() and sign[:1].isalpha():
        before += NBSP
    if after[:1].isdigit() and sign[-1:].isalpha():
        after = NBSP + after
    return f"{before}{sign if place else ''}{after}"


def _days(half_days: int, locale: str) -> str:
    minus, half_days = ("−", -half_days) if half_days < 0 else ("", half_days)
    if half_days == 1:
        return f"{minus}half a vacation day"
    whole, half = divmod(half_days, 2)
    number = format_decimal(whole, locale=locale) + ("½" if half else "")
    return f"{minus}{number} vacation day{'' if half_days == 2 else 's'}"
