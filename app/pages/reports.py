"""`/hr/reports`: what contests cost, what is still owed, who won. To read, to print, and as CSV.

Law: every figure comes from the ledger, and the page and its CSV are the same rows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role
from app.database import Connection, transaction
from app.pages.budgets import VERBS, bar
from app.pages.download import download
from app.pages.fragment import page
from rewards import (
    Amount,
    ContestCost,
    budgets,
    contest_costs,
    department_costs,
    figure,
    in_words,
    liabilities,
    table,
    transfers,
    winners,
)
from scoring import contest_metrics

MAY: Final = has_role("hr")
SHOWN: Final = 50  # winners on the page; all are in the CSV


@dataclass(frozen=True, slots=True)
class Span:
    """A year in the company's time, or all of it."""

    year: int | None
    since: datetime | None = None
    until: datetime | None = None


@get("/hr/reports", guards=[MAY])
async def reports(request: Request[Any, Any, Any]) -> Response[Any]:
    """All reports on one page that can be printed."""
    zone: ZoneInfo = request.app.state.settings.timezone
    span, now = span_of(request, zone), datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        costs = await contest_costs(connection, since=span.since, until=span.until)
        departments = await department_costs(connection, since=span.since, until=span.until)
        found = await winners(connection, since=span.since, until=span.until)
        owed = await liabilities(connection)
        stand = await budgets(connection, with_closed=False)
        first = await connection.fetchval("select min(recorded_at) from transfer")
    this = now.astimezone(zone).year
    context = {
        "span": span,
        "years": range(this, (first.astimezone(zone).year if first else this) - 1, -1),
        "now": now,
        "owed": owed,
        "budgets": [(budget, bar(budget)) for budget in stand],
        "costs": [(cost, counted(cost), per_each(cost)) for cost in costs],
        "departments": departments,
        "winners": found[:SHOWN],
        "more": max(0, len(found) - SHOWN),
        "words": in_words,
    }
    return page(request, "reports/page.html", context)


@get("/hr/reports/{file:str}", guards=[MAY])
async def as_csv(request: Request[Any, Any, Any], file: FromPath[str]) -> Response[Any]:
    """One report as CSV, such as `winners.csv`."""
    name, _, kind = file.partition(".")
    if name not in SHEETS or kind != "csv":
        raise NotFoundException("There is no such report.")
    span = span_of(request, request.app.state.settings.timezone)
    async with transaction(readonly=True) as connection:
        rows = await SHEETS[name](connection, span)
    return download(f"{name}-{span.year or 'all'}.csv", table(rows).encode("utf-8-sig"))


def span_of(request: Request[Any, Any, Any], zone: ZoneInfo) -> Span:
    """The year that was asked for; anything else is all of it."""
    asked = request.query_params.get("year", "")
    if not (asked.isascii() and asked.isdecimal() and 2000 <= int(asked[:5]) < 2200):
        return Span(None)
    year = int(asked[:5])
    return Span(year, datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone))


def counted(cost: ContestCost) -> str:
    """“133 people”: what all entrants reached together, in the metric's unit; "" where it is unknown."""
    known = contest_metrics().get(cost.metric)
    return known.in_words(cost.counted) if known and cost.counted else ""


def per_each(cost: ContestCost) -> str:
    """Paid and open by what was counted: “€5.02”, “0.05 days”, “under 0.01 days”; "" without a count."""
    if cost.each is None:
        return ""
    units, count = cost.each
    if cost.paid.currency is None:
        days = (Decimal(units) / 2 / count).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{days} days" if days or not units else "under 0.01 days"
    each = (Decimal(units) / count).quantize(Decimal(1), ROUND_HALF_UP)
    return in_words(Amount(units=int(each), currency=cost.paid.currency))


Rows = Sequence[Sequence[str]]


async def contests_sheet(connection: Connection, span: Span) -> Rows:
    """Cost by contest."""
    costs = await contest_costs(connection, since=span.since, until=span.until)
    head = ("contest", "slug", "currency", "awards", "paid", "open", "counted", "metric")
    return [head] + [
        (cost.name, cost.slug, code(cost.paid), str(cost.awards), figure(cost.paid),
         figure(cost.open), str(cost.counted), cost.metric)
        for cost in costs
    ]  # fmt: skip


async def departments_sheet(connection: Connection, span: Span) -> Rows:
    """Cost by department."""
    costs = await department_costs(connection, since=span.since, until=span.until)
    head = ("department", "currency", "winners", "paid")
    return [head] + [
        (cost.department, code(cost.paid), str(cost.winners), figure(cost.paid)) for cost in costs
    ]


async def winners_sheet(connection: Connection, span: Span) -> Rows:
    """Who won how often: a row for each currency somebody was paid in."""
    head = ("name", "awards", "contests", "currency", "paid")
    rows: list[Sequence[str]] = [head]
    for winner in await winners(connection, since=span.since, until=span.until):
        who = (winner.name, str(winner.awards), str(winner.contests))
        rows += [(*who, code(paid), figure(paid)) for paid in winner.paid] or [(*who, "", "")]
    return rows


async def liability_sheet(connection: Connection, span: Span) -> Rows:
    """What is open now."""
    head = ("currency", "awards", "owed", "held", "reserved", "left", "spent")
    return [head] + [
        (code(one.owed), str(one.awards), figure(one.owed), figure(one.held),
         figure(one.reserved), figure(one.left), figure(one.spent))
        for one in await liabilities(connection)
    ]  # fmt: skip


async def transfers_sheet(connection: Connection, span: Span) -> Rows:
    """The ledger itself: every transfer of every budget."""
    known = {budget.id: budget for budget in await budgets(connection)}
    head = (
        "budget",
        "number",
        "at",
        "what",
        "currency",
        "amount",
        "left",
        "reserved",
        "spent",
        "reason",
    )
    return [head] + [
        (
            known[row.budget_id].name, str(row.number), row.recorded_at.isoformat(),
            VERBS[row.verb], known[row.budget_id].currency or "days",
            *(figure(known[row.budget_id].amount(units)) for units in
              (row.units, row.balance.available, row.balance.reserved, row.balance.spent)),
            row.reason,
        )
        for row in await transfers(connection)
        if span.since is None or span.until is None or span.since <= row.recorded_at < span.until
    ]  # fmt: skip


def code(amount: Amount) -> str:
    """The currency, or “days”."""
    return amount.currency or "days"


SHEETS: Final[dict[str, Callable[[Connection, Span], Awaitable[Rows]]]] = {
    "contests": contests_sheet,
    "departments": departments_sheet,
    "winners": winners_sheet,
    "liability": liability_sheet,
    "transfers": transfers_sheet,
}
HANDLERS: Final = (reports, as_csv)
