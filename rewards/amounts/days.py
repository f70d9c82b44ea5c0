"""Vacation days as people type them: whole and half ones, nothing smaller. Pure."""

from __future__ import annotations

import re
from typing import Final

from rewards.amounts.number import HABITS, Convention, Number, read_number
from rewards.refusal import Refused

# “2 vacation days”, “1.5 days off”, “half a day”: the words around the number.
_DAYS: Final = re.compile(
    r"(?P<rest>.*?)\s*\b(?:(?:paid|extra|vacation|holiday)\s+)*(?:days?|d)"
    r"(?:\s+(?:off|of vacation|of holiday))?",
    re.IGNORECASE,
)
_HALF: Final = frozenset({"½", "half", "half a", "half of a", "a half", "one half", "1/2"})
_AND_A_HALF: Final = re.compile(r"(?P<whole>.*\S)\s*(?:½|(?<=\s)1/2|and (?:a|one) half)")
_SMALLER: Final = re.compile(r"quarter|third|half.*half|[¼¾⅓⅔⅛]|/", re.IGNORECASE)


def of_days(text: str) -> str | None:
    """What stands before the word for days; None if it is not about days."""
    found = _DAYS.fullmatch(text)
    return None if found is None else found["rest"]


def half_days(text: str, habit: Convention) -> int:
    """The half days in “2”, “1.5”, “1½”, “half a”; raises Refused with a sentence."""
    said = text.casefold()
    if said in _HALF:
        return 1
    if said in ("a", "one"):
        return 2
    more = _AND_A_HALF.fullmatch(said)
    number = read_number(more["whole"] if more else said, habit)
    if number is not None:
        return _halves(number, text, more is not None)
    for other in HABITS:
        number = None if more else read_number(said, other)
        if number is not None:
            halves = _halves(number, text, False)
            raise Refused(
                f"“{text} days” is not how the number is written here; did you mean"
                f" “{halves // 2}{'½' if halves % 2 else ''} vacation days”? Then write that."
            )
    if _SMALLER.search(said):
        raise Refused(f"“{text} day” is too fine: vacation days come in whole and half days.")
    raise Refused(f"“{text}” is not a number of days. Write “2 vacation days” or “1.5 days”.")


def _halves(number: Number, text: str, and_a_half: bool) -> int:
    fraction = number.fraction.rstrip("0")
    if fraction not in ("", "5") or (fraction and and_a_half):
        raise Refused(f"“{text} days” is too fine: vacation days come in whole and half days.")
    return 2 * int(number.whole) + (1 if fraction or and_a_half else 0)
