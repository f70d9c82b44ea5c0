"""What HR of the demo company has set up before a contest can be published: colleagues with the role,
budgets by quarter, approval limits, tax notes, the numbers payroll knows people by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rewards import (
    EVERYWHERE,
    Kind,
    close_budget,
    open_budget,
    read_numbers,
    set_limit,
    set_tax_note,
    top_up,
)
from rewards import budgets as every_budget
from scoring.connection import Connection
from seeds.personas import ADMINISTRATOR, EMPLOYEE, HR, LEADER
from seeds.world import Member, World

MONEY, DAYS = 1_200_000, 80  # a quarter: cents, half days
# Below this a quarter's money is topped up, so that a demo started often can still pay.
LEAST_LEFT, TOPPED_UP = 50_000, 250_000

_GERMANY = """\
Money prizes from the employer are wages: they are taxed with your next payslip, and social insurance \
is paid on them. Roughly a half to two thirds arrive.
A day of vacation is paid like any other day; nothing changes on your payslip."""
_UNITED_STATES = """\
Money prizes are supplemental wages: federal tax is withheld at the flat rate, and they stand on your \
W-2. Where a prize shows a gross-up, the company pays the tax for you.
A day off is paid as usual."""
_OTHERS = "Prizes from your employer are usually taxable pay. Ask HR what arrives where you live."


@dataclass(frozen=True, slots=True)
class Office:
    """Who does what about contests, by person id. `colleagues` hold the role HR like `hr` does."""

    hr: int
    administrator: int
    leader: int
    employee: int
    colleagues: tuple[int, ...]


def colleagues(world: World) -> list[Member]:
    """Three more people of HR: neither who publishes a contest nor who wins in it can approve what is
    won, and a great prize needs two who can."""
    others = [
        member for member in world.members if member.persona is None and member.state == "active"
    ]
    near = [member for member in others if member.department == HR.department]
    return (near + [member for member in others if member not in near])[:3]


def office(world: World, ids: dict[int, int]) -> Office:
    """The same people by their ids; `ids` as `seeds.people` gave them."""
    by_key = {m.persona.key: ids[m.number] for m in world.members if m.persona is not None}
    return Office(
        hr=by_key[HR.key],
        administrator=by_key[ADMINISTRATOR.key],
        leader=by_key[LEADER.key],
        employee=by_key[EMPLOYEE.key],
        colleagues=tuple(ids[member.number] for member in colleagues(world)),
    )


async def prepare_hr(connection: Connection, team: Office, now: datetime) -> None:
    """Roles, limits, notes and numbers, as of a moment before everything else."""
    await connection.executemany(
        """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
           values ($1, 'hr', true, $2, $3)""",
        [(person, team.administrator, now) for person in team.colleagues],
    )
    for kind, currency, units in (("cash", "EUR", 15_000), ("days", None, 2)):
        await set_limit(connection, kind=kind, currency=currency, units=units, by=team.hr, now=now)
    for country, text in (("DE", _GERMANY), ("US", _UNITED_STATES), (EVERYWHERE, _OTHERS)):
        await set_tax_note(connection, country, text, by=team.hr, now=now)
    rows = await connection.fetch("select person_id, email from profile order by person_id")
    lines = [f"{row['email']},HL-{1000 + 7 * number}" for number, row in enumerate(rows)]
    await read_numbers(
        connection, "\n".join(["email,number", *lines]).encode(), by=team.hr, now=now
    )


async def open_quarters(
    connection: Connection, team: Office, days: list[date], now: datetime
) -> None:
    """Budgets of money and of days for every quarter that holds one of the days; the same again opens
    nothing twice. Money that ran low is topped up."""
    spenders = [team.hr, *team.colleagues]
    for first in sorted({_quarter(day) for day in days}):
        last = _quarter(first + timedelta(days=100)) - timedelta(days=1)
        quarter = f"Q{(first.month + 2) // 3}"
        known = {
            (view.kind, view.starts_on): view
            for view in await every_budget(connection, with_closed=True)
        }
        for kind, currency, units, what in (
            (Kind.CASH, "EUR", MONEY, "ambassadors"), (Kind.DAYS, None, DAYS, "vacation days"),
        ):  # fmt: skip
            view = known.get((kind, first))
            if view is None:
                await open_budget(
                    connection, name=f"{quarter} {first.year} {what}", kind=kind, currency=currency,
                    starts_on=first, ends_on=last, units=units, spenders=spenders, by=team.hr,
                    key=f"demo {first} {kind.value}", now=now,
                )  # fmt: skip
            elif kind is Kind.CASH and view.balance.available < LEAST_LEFT:
                await top_up(
                    connection, view.id, TOPPED_UP, by=team.hr, reason="The demo runs on.",
                    key=f"demo {first} {now.isoformat()}", now=now,
                )  # fmt: skip


async def close_quarters(connection: Connection, team: Office, today: date, now: datetime) -> None:
    """Closes budgets of quarters that ended a month ago and hold nothing for anybody any more."""
    for view in await every_budget(connection, with_closed=False):
        if view.ends_on + timedelta(days=30) < today and not view.balance.reserved:
            await close_budget(
                connection, view.id, by=team.hr, reason="The quarter is over.",
                key=f"demo close {view.id}", now=now - timedelta(days=9),
            )  # fmt: skip


def _quarter(day: date) -> date:
    """The first day of a day's quarter."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)
