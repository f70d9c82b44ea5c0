"""What can be won: contests, prizes, budgets, awards, approvals and payouts.

The face of the package: `app` imports from here. It holds the life of a contest (charter, brackets,
settlement), the double-entry ledger of money and vacation days (reserve, then post or void), and the
decisions that people other than the winner make about an award. It may ask `scoring` what happened
and what it is worth; `scoring` does not know that it exists.
"""

from rewards.amounts import (
    MOST_UNITS,
    Amount,
    AmountUnclear,
    Kind,
    UnknownCurrency,
    currency_codes,
    exponent,
    in_words,
    typed,
)
from rewards.budgets import (
    Balance,
    BudgetView,
    Reservation,
    Transfer,
    Verb,
    allow_spender,
    balances,
    budgets,
    check_books,
    close_budget,
    forbid_spender,
    left_of,
    may_spend,
    open_budget,
    reservations,
    top_up,
    transfers,
)
from rewards.events import EVENT_TYPES, emit
from rewards.notices import (
    MESSAGES,
    Notice,
    NoticeKind,
    choose_notices,
    mark_read,
    notice_choices,
    notices,
    unread_count,
)
from rewards.refusal import KeyUsed, Refused

__all__ = [
    "EVENT_TYPES",
    "MESSAGES",
    "MOST_UNITS",
    "Amount",
    "AmountUnclear",
    "Balance",
    "BudgetView",
    "KeyUsed",
    "Kind",
    "Notice",
    "NoticeKind",
    "Refused",
    "Reservation",
    "Transfer",
    "UnknownCurrency",
    "Verb",
    "allow_spender",
    "balances",
    "budgets",
    "check_books",
    "choose_notices",
    "close_budget",
    "currency_codes",
    "emit",
    "exponent",
    "forbid_spender",
    "in_words",
    "left_of",
    "mark_read",
    "may_spend",
    "notice_choices",
    "notices",
    "open_budget",
    "reservations",
    "top_up",
    "transfers",
    "typed",
    "unread_count",
]
