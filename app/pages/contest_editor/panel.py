"""The right column: what the form as it stands means, costs and meets. Pure.

Law: every amount is the ledger's or the charter's own; a bar's widths are for the eye only, the
amounts stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rewards import Amount, BudgetView, in_words

NAMES: Final = {
    "name": "Name",
    "start_on": "Starts on",
    "start_time": "Starts at",
    "end_on": "Ends on",
    "end_time": "Ends at",
    "open_ids": "Open to",
    "brackets": "Compete within",
    "networks": "Networks",
    "contact": "Whom to ask",
    "breakers": "Ties",
    "settle_hours": "Late deliveries",
    "freeze_hours": "Freeze",
    "least": "Least value",
    "cool_down_days": "Pause for winners",
    "accept_days": "Time to accept",
    "days_expire_months": "Expiry of days",
    "team_least": "Members of a team",
    "growth_floor": "Least followers",
}
_LINE: Final = re.compile(r"(prize|bracket)_([0-9]+)_.*")


@dataclass(frozen=True, slots=True)
class Bar:
    """One budget's money or days: reserved before, this contest, left."""

    word: str
    reserved: str
    this: str
    left: str
    short: str | None  # what is missing, where it does not suffice
    before: str  # what was left before this
    reserved_percent: int
    this_percent: int


@dataclass(frozen=True, slots=True)
class Box:
    """The budgets of one name."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One line under «Before you publish»; `level` is forbidden, missing, care or fine."""

    level: str
    text: str
    why_url: str | None = None
    alternative: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """All of the right column; `live` says whether it follows what is typed, or came with the page."""

    sentence: str | None
    budgets: tuple[Box, ...]
    checks: tuple[Check, ...]
    live: bool = False

    @property
    def forbidden(self) -> bool:
        """Whether only an administrator's recorded reason could publish it."""
        return any(check.level == "forbidden" for check in self.checks)


def boxes(worst: Mapping[int, Amount], budgets: Iterable[BudgetView]) -> tuple[Box, ...]:
    """The budgets this contest would draw on, those of one name together, money first."""
    by_name: dict[str, list[Bar]] = {}
    used = [budget for budget in budgets if budget.id in worst]
    for budget in sorted(used, key=lambda budget: (budget.name, budget.currency is None)):
        by_name.setdefault(budget.name, []).append(bar(budget, worst[budget.id]))
    return tuple(Box(name, tuple(bars)) for name, bars in by_name.items())


def bar(budget: BudgetView, this: Amount) -> Bar:
    """One budget with what this contest would set aside in it."""

    def words(units: int) -> str:
        if budget.currency is None:
            # «Days: 6 reserved»: the word stands in front already.
            return f"{units // 2}{'½' if units % 2 else ''}" if units != 1 else "½"
        return in_words(Amount(units, budget.currency))

    available, reserved = budget.balance.available, budget.balance.reserved
    whole = max(1, available + reserved)
    left = available - this.units
    first = reserved * 100 // whole
    return Bar(
        word="Days" if budget.currency is None else "Money",
        reserved=words(reserved),
        this=words(this.units),
        left=words(max(0, left)),
        short=words(-left) if left < 0 else None,
        before=words(available),
        reserved_percent=first,
        this_percent=min(100 - first, -(-this.units * 100 // whole)),
    )


def missing(errors: Mapping[str, str]) -> Sequence[Check]:
    """What the form still lacks, each with the way to its field."""
    return [Check("missing", called(field, words), field=field) for field, words in errors.items()]


def called(field: str, words: str) -> str:
    """What is wrong with a field, with the name of the field in front: 'Ends on: Choose a day.'"""
    line = _LINE.fullmatch(field)
    if line:
        return f"{line[1].capitalize()} {line[2]}: {words}"
    return f"{NAMES[field]}: {words}" if field in NAMES else words


def check(warning: Any) -> Check:
    """A warning of the contest's own as a line."""
    return Check(warning.level, warning.text, warning.why_url, warning.alternative)
