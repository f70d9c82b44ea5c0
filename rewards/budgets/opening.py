"""Opening a budget and adding to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import asyncpg

from rewards.amounts import MOST_UNITS, Amount, Kind, UnknownCurrency, currency_codes, in_words
from rewards.budgets.ledger import check_open, check_units, lock, write
from rewards.budgets.refusals import NotAnAmount
from rewards.budgets.request import Request, first_answer
from rewards.budgets.spenders import allow_spender
from rewards.budgets.transfer import Transfer, Verb
from rewards.connection import Connection
from rewards.refusal import Refused
from scoring import record_audit

_LONGEST_NAME = 80


async def open_budget(
    connection: Connection,
    *,
    name: str,
    kind: Kind,
    currency: str | None,
    starts_on: date,
    ends_on: date,
    units: int,
    spenders: Collection[int],
    by: int | None,
    key: str,
    now: datetime,
) -> int:
    """Open a budget with its first units, for those who may spend; its id. `by` None: the command line.

    `ends_on` is the last day on which a contest may end that it pays for. Raises Refused beside a field.
    """
    name = " ".join(name.split())
    content = (name, kind, currency, starts_on, ends_on, units, sorted(set(spenders)))
    request = Request("open", key, by, "opened", content)
    async with connection.transaction():
        if (first := await first_answer(connection, request)) is not None:
            return first.budget_id
        _check_terms(name, kind, currency, starts_on, ends_on, units)
        try:
            async with connection.transaction():
                budget_id: int = await connection.fetchval(
                    """insert into budget (name, kind, currency, starts_on, ends_on, opened_by,
                         recorded_at) values ($1, $2, $3, $4, $5, $6, $7) returning id""",
                    name,
                    Kind(kind).value,
                    currency,
                    starts_on,
                    ends_on,
                    by,
                    now,
                )
        except asyncpg.UniqueViolationError:
            # Perhaps the same request, a moment earlier.
            if (first := await first_answer(connection, request)) is not None:
                return first.budget_id
            raise Refused(
                f"There is a budget “{name}” for this already. Choose another name.", field="name"
            ) from None
        for person_id in sorted(set(spenders)):
            await allow_spender(connection, budget_id, person_id, by=by, now=now)
        budget = await lock(connection, budget_id)
        await write(connection, budget, request, Verb.TOP_UP, units, now=now)
        amount = Amount(units=units, currency=currency)
        await record_audit(
            connection,
            by,
            "budget_opened",
            f"budget:{budget_id}",
            {"amount": in_words(amount)},
            now,
        )
        return budget_id


async def top_up(
    connection: Connection,
    budget_id: int,
    units: int,
    *,
    by: int | None,
    reason: str,
    key: str,
    now: datetime,
) -> Transfer:
    """Add units to a budget. Raises Refused (BudgetClosed, NotAnAmount, KeyUsed)."""
    request = Request("top_up", key, by, reason, (budget_id, units))
    async with connection.transaction():
        budget = await lock(connection, budget_id)
        if (first := await first_answer(connection, request)) is not None:
            return first
        check_units(units)
        check_open(budget)
        if budget.balance.funded + units > MOST_UNITS:
            most = in_words(budget.amount(MOST_UNITS))
            raise NotAnAmount(f"No budget can hold more than {most}.", field="units")
        transfer = await write(connection, budget, request, Verb.TOP_UP, units, now=now)
        detail = {"amount": in_words(budget.amount(units)), "reason": transfer.reason}
        await record_audit(connection, by, "budget_topped_up", f"budget:{budget_id}", detail, now)
        return transfer


def _check_terms(
    name: str, kind: Kind, currency: str | None, starts_on: date, ends_on: date, units: int
) -> None:
    if not name:
        raise Refused("Give the budget a name.", field="name")
    if len(name) > _LONGEST_NAME:
        raise Refused(f"Keep the name within {_LONGEST_NAME} characters.", field="name")
    if kind == Kind.CASH and currency is None:
        raise Refused("Say which currency the budget is in.", field="currency")
    if kind == Kind.DAYS and currency is not None:
        raise Refused("A budget of vacation days has no currency.", field="currency")
    if currency is not None and currency not in currency_codes():
        raise UnknownCurrency(currency, field="currency")
    if ends_on < starts_on:
        raise Refused("The last day comes before the first.", field="ends_on")
    check_units(units)
