"""What a contest may cost, set aside whole when it is published, and what it still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from rewards.budgets.ledger import Locked, check_open, check_units, lock, write
from rewards.budgets.refusals import BudgetExhausted, NotASpender, OutsidePeriod
from rewards.budgets.request import Request, first_answer
from rewards.budgets.spenders import may_spend
from rewards.budgets.transfer import Transfer, Verb
from rewards.connection import Connection


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units of a budget that only one contest's awards can use."""

    id: int
    budget_id: int
    contest_id: int
    units: int  # set aside in all
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
    """Set `units` aside for a contest whose last day is `on` (in the company's zone).

    What the contest still has set aside in this budget grows; else a new reservation begins.
    Raises BudgetExhausted with what is missing, NotASpender, OutsidePeriod, BudgetClosed, KeyUsed.
    Who reserves in several budgets asks in the order of their ids.
    """
    request = Request("reserve", key, by, reason, (budget_id, contest_id, units, on))
    async with connection.transaction():
        budget = await lock(connection, budget_id)
        first = await first_answer(connection, request)
        if first is not None:
            return await _as_of(connection, first)
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
        live = [one for one in await reservations(connection, contest_id, budget_id) if one.left]
        reservation_id = live[0].id if live else await _begin(connection, budget, contest_id, now)
        transfer = await write(
            connection, budget, request, Verb.RESERVE, units,
            now=now, reservation_id=reservation_id, left=units + sum(one.left for one in live),
        )  # fmt: skip
        return await _as_of(connection, transfer)


async def reservations(
    connection: Connection, contest_id: int, budget_id: int | None = None
) -> list[Reservation]:
    """All of a contest, with what each holds now; those of earlier publications too.

    At most one in each budget still holds something.
    """
    rows = await connection.fetch(
        """select r.id, r.budget_id, r.contest_id,
             (select sum(units)::bigint from transfer
              where reservation_id = r.id and kind = 'reserve') as units,
             (select reservation_after from transfer where reservation_id = r.id
              order by id desc limit 1) as left
           from reservation r where contest_id = $1 and ($2::int is null or budget_id = $2)
           order by r.budget_id, r.id""",
        contest_id,
        budget_id,
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


async def _begin(connection: Connection, budget: Locked, contest_id: int, now: datetime) -> int:
    reservation_id: int = await connection.fetchval(
        """insert into reservation (budget_id, contest_id, recorded_at)
           values ($1, $2, $3) returning id""",
        budget.id,
        contest_id,
        now,
    )
    return reservation_id


async def _as_of(connection: Connection, transfer: Transfer) -> Reservation:
    """The reservation as it stood after the transfer."""
    row = await connection.fetchrow(
        """select r.id, r.budget_id, r.contest_id, sum(t.units)::bigint as units
           from reservation r
           join transfer t on t.reservation_id = r.id and t.kind = 'reserve' and t.id <= $2
           where r.id = $1 group by r.id""",
        transfer.reservation_id,
        transfer.id,
    )
    return Reservation(**dict(row), left=transfer.left or 0)


def _check_period(budget: Locked, on: date) -> None:
    if not budget.starts_on <= on <= budget.ends_on:
        raise OutsidePeriod(
            f"The budget “{budget.name}” is for {_day(budget.starts_on)} to {_day(budget.ends_on)};"
            f" the contest ends on {_day(on)}. Choose a budget whose time holds that day.",
        )


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale="en")
