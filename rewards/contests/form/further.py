"""A further prize for a contest that is published already, as typed. Pure.

Law: it is read as the prizes of a new contest are, against the terms that hold; left empty, it is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from rewards.contests.charter import Charter, Prize
from rewards.contests.form.context import FormContext
from rewards.contests.form.prizes import read_prizes
from rewards.contests.form.typed import Typed

_TYPED: Final = (
    "what",
    "or",
    "from",
    "to",
    "reach",
    "at_most",
)  # what is chosen from a list is not asked


def read_further_prize(
    form: Mapping[str, str], context: FormContext, terms: Charter, end_at: datetime | None
) -> tuple[tuple[Prize, ...], dict[str, str]]:
    """The prize of the fields `prize_1_…`, with the next number; and what is wrong, by field.

    `end_at` is the new end, None where it stays.
    """
    if not any(form.get(f"prize_1_{name}", "").strip() for name in _TYPED):
        return (), {}
    typed = Typed({name: value for name, value in form.items() if name.startswith("prize_1_")})
    found = read_prizes(typed, ["prize_1_what"], context, terms.who, end_at or terms.end_at)
    if typed.errors:
        return (), typed.errors
    number = max((prize.number for prize in terms.prizes), default=0)
    return tuple(
        msgspec.structs.replace(prize, number=number + place)
        for place, prize in enumerate(found, 1)
    ), {}
