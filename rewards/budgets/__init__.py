"""Budgets of money and days: double entry in two phases, append-only, idempotent by key."""

from rewards.budgets.books import check_books
from rewards.budgets.closing import close_budget
from rewards.budgets.opening import open_budget, top_up
from rewards.budgets.reading import BudgetView, balances, budgets, transfers
from rewards.budgets.refusals import (
    AlreadySettled,
    BudgetClosed,
    BudgetExhausted,
    NotAnAmount,
    NotASpender,
    NotSpent,
    OutsidePeriod,
    ReservationExhausted,
    StillReserved,
    UnknownBudget,
)
from rewards.budgets.reservation import Reservation, left_of, reservations, reserve
from rewards.budgets.spenders import allow_spender, forbid_spender, may_spend
from rewards.budgets.spending import expire, post, recover, release, void
from rewards.budgets.transfer import Account, Balance, Transfer, Verb

__all__ = [
    "Account",
    "AlreadySettled",
    "Balance",
    "BudgetClosed",
    "BudgetExhausted",
    "BudgetView",
    "NotASpender",
    "NotAnAmount",
    "NotSpent",
    "OutsidePeriod",
    "Reservation",
    "ReservationExhausted",
    "StillReserved",
    "Transfer",
    "UnknownBudget",
    "Verb",
    "allow_spender",
    "balances",
    "budgets",
    "check_books",
    "close_budget",
    "expire",
    "forbid_spender",
    "left_of",
    "may_spend",
    "open_budget",
    "post",
    "recover",
    "release",
    "reservations",
    "reserve",
    "top_up",
    "transfers",
    "void",
]
