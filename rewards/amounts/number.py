"""Numbers as people write them: by a locale's separators, or by another country's. Pure.

Law: a number is read by one convention or not at all; digits are grouped in threes (or as the locale
groups them), never anyhow.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol

_APOSTROPHES = "'’"


@dataclass(frozen=True)
class Number:
    """Digits before and after the decimal separator; `"1,234.5"` is `("1234", "5")`."""

    whole: str
    fraction: str

    def units(self, decimals: int) -> int | None:
        """The number in units of 10^-decimals; None if it has more decimals than that."""
        if len(self.fraction) > decimals:
            return None
        return int(self.whole + self.fraction.ljust(decimals, "0"))


@dataclass(frozen=True)
class Convention:
    """What separates decimals and groups, and how many digits the groups before the last have."""

    decimal: str
    group: str
    further: int = 3


# What other countries write; asked only to say what somebody may have meant.
HABITS = (Convention(".", ","), Convention(",", "."), Convention(".", ",", 2))


@cache
def convention(locale: str, *, money: bool) -> Convention:
    """The locale's own; some group money otherwise than other numbers."""
    known = Locale.parse(locale)
    pattern = known.currency_formats["standard"] if money else known.decimal_formats[None]
    return Convention(
        get_decimal_symbol(locale), get_group_symbol(locale), pattern.grouping[1] or 3
    )


def read_number(text: str, habit: Convention) -> Number | None:
    """The number in `text` (digits 0–9, spaces as they come) by one convention; None: it has none."""
    for group in {habit.group, " ", *_APOSTROPHES} - {habit.decimal}:
        found = _expression(habit.decimal, _as_typed(group), habit.further).fullmatch(text)
        if found is not None and any(character.isdigit() for character in text):
            whole = re.sub(r"\D", "", found["whole"]) or "0"
            return Number(whole, found["fraction"] or "")
    return None


def plain(text: str) -> str:
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


def _as_typed(group: str) -> str:
    """Locales group by no-break and thin spaces; people by the space bar."""
    return " " if group.isspace() else group


@cache
def _expression(decimal: str, group: str, further: int) -> re.Pattern[str]:
    mark = re.escape(group)
    grouped = rf"[0-9]{{1,{further}}}(?:{mark}[0-9]{{{further}}})*{mark}[0-9]{{3}}"
    return re.compile(rf"(?P<whole>[0-9]*|{grouped})(?:{re.escape(decimal)}(?P<fraction>[0-9]+))?")
