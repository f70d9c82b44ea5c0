"""What a contest's form is read against: the company as it stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from rewards.amounts import Amount, Kind

CASH_OR_DAYS: Final = "cash_or_days"
DRAWS: Final = "draws"


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """What may be won for a network's facts, and where that is written."""

    name: str
    label: str
    mode: Literal["cash", "recognition", "off"]
    reason: str
    source: str
    read_on: date
    override: str | None = None  # an administrator's recorded reason to let it count for prizes


@dataclass(frozen=True, slots=True)
class BudgetTerms:
    """A budget that may be spent."""

    id: int
    name: str
    kind: Kind
    currency: str | None
    starts_on: date
    ends_on: date  # the last day
    available: int

    def amount(self, units: int) -> Amount:
        """So many units of what it holds."""
        return Amount(units, self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContext:
    """The company as a contest's form meets it."""

    now: datetime
    zone: ZoneInfo
    company: str
    disclosure_tag: str
    rulebook: str  # the TOML in force
    networks: Mapping[str, NetworkPolicy]
    budgets: Mapping[int, BudgetTerms]
    departments: Mapping[int, str]
    offices: Mapping[int, str]
    by: int  # who writes the form, and would propose the awards
    contest_id: int = 0
    slug: str = "preview"
    allowed: frozenset[str] = frozenset()  # of CASH_OR_DAYS, DRAWS
    tax_notes: tuple[tuple[str, str], ...] = field(default=())
