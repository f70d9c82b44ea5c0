"""A company for forms: two budgets, three networks, and a form that could be published."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rewards.amounts import Kind
from rewards.contests.charter import Charter
from rewards.contests.form import BudgetTerms, FormContext, NetworkPolicy, read_form
from scoring import default_rulebook_toml

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


def policy(name: str, mode: Any, reason: str = "its rules say so") -> NetworkPolicy:
    return NetworkPolicy(
        name, name.title(), mode, reason, f"https://{name}.example/rules", date(2026, 11, 1)
    )


CONTEXT = FormContext(
    now=NOW,
    zone=ZONE,
    company="Northwind",
    disclosure_tag="#TeamNorthwind",
    rulebook=default_rulebook_toml(),
    networks={
        "mastodon": policy("mastodon", "cash"),
        "x": policy("x", "recognition", "X forbids compensation"),
        "youtube": policy("youtube", "off", "YouTube forbids it"),
    },
    budgets={
        1: BudgetTerms(1, "Q4", Kind.CASH, "EUR", date(2026, 10, 1), date(2026, 12, 31), 800_000),
        2: BudgetTerms(2, "Q4", Kind.DAYS, None, date(2026, 10, 1), date(2026, 12, 31), 40),
        3: BudgetTerms(3, "Q1", Kind.CASH, "EUR", date(2027, 1, 1), date(2027, 3, 31), 800_000),
    },
    departments={1: "Research", 2: "Sales"},
    offices={1: "Lisbon"},
    by=7,
    allowed=frozenset({"cash_or_days", "draws"}),
    tax_notes=(("DE", "Prizes are wages."),),
)

FORM = {
    "name": "Conversation starters", "metric": "responses", "networks": "mastodon,x",
    "start_on": "2026-12-01", "start_time": "09:00", "end_on": "2026-12-21", "end_time": "17:00",
    "brackets": "audience:500,5000", "contact": "hr@northwind.example",
    "prize_1_for": "place", "prize_1_from": "1", "prize_1_to": "1", "prize_1_kind": "days",
    "prize_1_what": "2 vacation days", "prize_1_among": "each", "prize_1_budget": "2",
    "prize_2_for": "place", "prize_2_from": "2", "prize_2_to": "2", "prize_2_kind": "cash",
    "prize_2_what": "€200", "prize_2_among": "each", "prize_2_budget": "1",
    "prize_3_for": "reach", "prize_3_reach": "25", "prize_3_at_most": "30", "prize_3_kind": "cash",
    "prize_3_what": "€25", "prize_3_among": "all", "prize_3_budget": "1",
}  # fmt: skip


def errors(context: FormContext = CONTEXT, **changed: str) -> dict[str, str]:
    """What is wrong with the form when some fields are typed otherwise."""
    charter, found = read_form({**FORM, **changed}, context)
    assert (charter is None) == bool(found)
    return found


def charter(context: FormContext = CONTEXT, **changed: str) -> Charter:
    """The charter of the form when some fields are typed otherwise."""
    made, found = read_form({**FORM, **changed}, context)
    assert made is not None, found
    return made


def company(**changed: Any) -> FormContext:
    """The company, otherwise."""
    return replace(CONTEXT, **changed)
