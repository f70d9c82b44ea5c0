"""The form HR writes a contest with: what was typed becomes a charter, or sentences beside fields."""

from rewards.contests.form.context import (
    CASH_OR_DAYS,
    DRAWS,
    BudgetTerms,
    FormContext,
    NetworkPolicy,
)
from rewards.contests.form.further import read_further_prize
from rewards.contests.form.moments import comes_twice
from rewards.contests.form.read import read_form

__all__ = [
    "CASH_OR_DAYS",
    "DRAWS",
    "BudgetTerms",
    "FormContext",
    "NetworkPolicy",
    "comes_twice",
    "read_form",
    "read_further_prize",
]
