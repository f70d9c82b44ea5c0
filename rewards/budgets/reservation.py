"""What a contest may cost, set aside whole when it is published, and what it still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from rewards.budgets.ledger import (
    Locked,
    Request,
    check_open,
    check_units,
    first_answer,
    lock,
    write,
)
from rewards.budgets.refusals import BudgetExhausted, NotASpender, OutsidePeriod
from rewards.budgets.spenders import may_spend
from rewards.budgets.transfer import Verb
from rewards.connection import Connection


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units of a budget that only one contest's awards can use."""

    id: int
    budget_id: int
    contest_id: int
    units: int  # set aside at first
    left: int  # neither spent nor given back


async def reserve(
    connection: Connection,
    budget_id: int,
    contest_id: int,
    units: int,
    *,
    by: int,
    on: date,
    key: str,
    now: datetime,
    reason: str = "the most the contest can cost",
) -> Reservation:
    """Set `units` aside for a contest that ends on `on` (in the company's zone).

    Raises BudgetExhausted with what is missing, NotASpender, OutsidePeriod, BudgetClosed, KeyUsed.
    Who reserves in several budgets asks in the order of their ids.
    """
    request = Request("reserve", key, by, reason, (budget_id, contest_id, units, on))
    async with connection.transaction():
        budget = await lock(connection, budget_id)
        first = await first_answer(connection, request)
        if first is not None and first.reservation_id is not None:
            return Reservation(first.reservation_id, budget_id, contest_id, units, units)
        check_units(units)
        check_open(budget)
        if not await may_spend(connection, budget_id, by):
            raise NotASpender(
                f"You may not spend from the budget “{budget.name}”. Who opened it can allow you to."
            )
        _check_period(budget, on)
        if budget.balance.available < units:
            raise BudgetExhausted(
                budget.name,
                left=budget.amount(budget.balance.available),
                wanted=budget.amount(units),
            )
        reservation_id: int = await connection.fetchval(
            """insert into reservation (budget_id, contest_id, recorded_at)
               values ($1, $2, $3) returning id""",
            budget_id,
            contest_id,
            now,
        )
        await write(
            connection, budget, request, Verb.RESERVE, units,
            now=now, reservation_id=reservation_id, left=units,
        )  # fmt: skip
        return Reservation(reservation_id, budget_id, contest_id, units, units)


async def reservations(connection: Connection, contest_id: int) -> list[Reservation]:
    """All of a contest, with what each holds now; those of earlier publications too."""
    rows = await connection.fetch(
        """select r.id, r.budget_id, r.contest_id, f.units, l.reservation_after as left
           from reservation r
           join transfer f on f.reservation_id = r.id and f.kind = 'reserve'
           join lateral (select reservation_after from transfer where reservation_id = r.id
                         order by id desc limit 1) l on true
           where r.contest_id = $1 order by r.budget_id, r.id""",
        contest_id,
    )
    return [Reservation(**dict(row)) for row in rows]


async def left_of(connection: Connection, reservation_id: int) -> int:
    """Units that a reservation still holds."""
    left: int | None = await connection.fetchval(
        """select reservation_after from transfer where reservation_id = $1
           order by id desc limit 1""",
        reservation_id,
    )
    return left or 0


def _check_period(budget: Locked, on: date) -> None:
    if not budget.starts_on <= on <= budget.ends_on:
        raise OutsidePeriod(
            f"The budget “{budget.name}” is for {_day(budget.starts_on)} to {_day(budget.ends_on)};"
            f" the contest ends on {_day(on)}. Choose a budget whose time holds that day.",
        )


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale="en")
