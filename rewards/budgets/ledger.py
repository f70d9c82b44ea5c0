"""The one place that writes transfers.

Law: a budget's transfers are written one after another, under a lock on its row; each says what
stands afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from rewards.amounts import MOST_UNITS, Amount
from rewards.budgets.refusals import BudgetClosed, NotAnAmount, UnknownBudget, already_settled
from rewards.budgets.request import Request, key_used
from rewards.budgets.transfer import COLUMNS, WAYS, Balance, Transfer, Verb, read_transfer
from rewards.connection import Connection


@dataclass(frozen=True, slots=True)
class Locked:
    """A budget that nobody else can write to until the transaction ends."""

    id: int
    name: str
    currency: str | None
    starts_on: date
    ends_on: date
    closed: bool
    transfers: int  # how many there are
    balance: Balance

    def amount(self, units: int) -> Amount:
        """So many units of what the budget holds."""
        return Amount(units=units, currency=self.currency)


async def lock(connection: Connection, budget_id: int) -> Locked:
    """Wait for the budget and read what stands; raises UnknownBudget."""
    # `no key update`: reservations and transfers of others may refer to the row meanwhile.
    row = await connection.fetchrow(
        "select id, name, currency, starts_on, ends_on from budget where id = $1 for no key update",
        budget_id,
    )
    if row is None:
        raise UnknownBudget("There is no such budget.")
    # Another statement, so that it sees what was committed while this one waited.
    last = await connection.fetchrow(
        """select last.*, exists (select from budget_closing where budget_id = $1) as closed
           from (select) as one left join lateral (
             select number, available_after, reserved_after, spent_after from transfer
             where budget_id = $1 order by number desc limit 1) as last on true""",
        budget_id,
    )
    return Locked(
        **dict(row),
        closed=last["closed"],
        transfers=last["number"] or 0,
        balance=Balance(
            available=last["available_after"] or 0,
            reserved=last["reserved_after"] or 0,
            spent=last["spent_after"] or 0,
        ),
    )


async def write(
    connection: Connection,
    budget: Locked,
    request: Request,
    verb: Verb,
    units: int,
    *,
    now: datetime,
    reservation_id: int | None = None,
    award_id: int | None = None,
    left: int | None = None,
) -> Transfer:
    """Append the transfer. `left`: what the reservation holds afterwards. Raises Overspent, KeyUsed."""
    source, goal = WAYS[verb]
    after = budget.balance.moved(verb, units)
    try:
        row = await connection.fetchrow(
            f"""insert into transfer (budget_id, number, kind, from_account, to_account, units,
                  reservation_id, award_id, available_after, reserved_after, spent_after,
                  reservation_after, key, content_sha256, person_id, reason, recorded_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
                returning {COLUMNS}""",
            budget.id,
            budget.transfers + 1,
            verb.value,
            source.value,
            goal.value,
            units,
            reservation_id,
            award_id,
            after.available,
            after.reserved,
            after.spent,
            left,
            request.key,
            request.digest,
            request.by,
            request.reason.strip(),
            now,
        )
    except asyncpg.UniqueViolationError as broken:
        # The same key in another budget at the same moment; within one budget the lock forbids it.
        if broken.constraint_name == "transfer_key_uq":
            raise key_used() from None
        # Likewise the same award, of which something was set aside in each of them.
        if broken.constraint_name == "transfer_paid_once_ix":
            raise already_settled(paid=True) from None
        raise
    return read_transfer(row)


def check_units(units: int) -> None:
    """Raises NotAnAmount unless so many units can move at once."""
    if units < 1:
        raise NotAnAmount("The amount must be more than nothing.", field="units")
    if units > MOST_UNITS:
        raise NotAnAmount("The amount is more than any budget can hold.", field="units")


def check_open(budget: Locked) -> None:
    """Raises BudgetClosed."""
    if budget.closed:
        raise BudgetClosed(f"The budget “{budget.name}” is closed.")
