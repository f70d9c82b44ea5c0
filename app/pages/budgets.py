"""`/hr/budgets`: what stands in every budget of money and days, who may spend, every transfer.

Budgets are HR's: HR opens, tops up and closes them and says who may spend. An administrator, who gives
the role, has no hand in money. Law: a form carries the key of its request, so a second click is the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import uuid4

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import (
    Amount,
    BudgetView,
    Kind,
    Refused,
    Transfer,
    Verb,
    allow_spender,
    budgets,
    close_budget,
    forbid_spender,
    in_words,
    open_budget,
    role_holders,
    top_up,
    transfers,
    typed,
)

MAY: Final = has_role("hr")
SHOWN: Final = 200  # transfers on a page, the newest; all are in the reports' CSV
VERBS: Final = {
    Verb.TOP_UP: "Added",
    Verb.RESERVE: "Set aside",
    Verb.POST: "Paid",
    Verb.VOID: "Given back: refused or declined",
    Verb.EXPIRE: "Given back: not accepted in time",
    Verb.RELEASE: "Given back: not won",
    Verb.RECOVER: "Came back after it was paid",
    Verb.CLOSE: "Returned to the company",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A budget as a bar with its numbers as text; percentages are of all that was put in."""

    reserved: str
    spent: str
    left: str
    reserved_percent: float
    spent_percent: float


def bar(budget: BudgetView) -> Bar:
    """The bar of a budget."""
    stands, funded = budget.balance, max(1, budget.balance.funded)
    return Bar(
        reserved=some(budget, stands.reserved),
        spent=some(budget, stands.spent),
        left=some(budget, stands.available),
        reserved_percent=round(100 * stands.reserved / funded, 2),
        spent_percent=round(100 * stands.spent / funded, 2),
    )


def some(budget: BudgetView, units: int) -> str:
    """“€200”, or “nothing”."""
    return in_words(budget.amount(units)) if units else "nothing"


@get("/hr/budgets", guards=[MAY])
async def overview(request: Request[Any, Any, Any]) -> Response[Any]:
    """All budgets, the open ones first."""
    return await show(request, Form({"key": str(uuid4())}))


@post("/hr/budgets", guards=[MAY])
async def open_one(request: Request[Any, Any, Any]) -> Response[Any]:
    """Open a budget."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    name = form.text("name", ask="Give the budget a name.", most=80)
    amount = amount_of(form)
    starts_on, ends_on = day_of(form, "starts_on"), day_of(form, "ends_on")
    if form.fine and amount and starts_on and ends_on:
        try:
            async with transaction() as connection:
                budget_id = await open_budget(
                    connection,
                    name=name,
                    kind=amount.kind,
                    currency=amount.currency,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    units=amount.units,
                    spenders=await spenders_of(connection, form),
                    by=by,
                    key=key_of(form),
                    now=now,
                )
            return back(f"/hr/budgets/{budget_id}", Said.BUDGET_OPENED)
        except Refused as refused:
            form.wrong(beside(refused, "name"), str(refused))
    return await show(request, form, status=422)


@get("/hr/budgets/{budget_id:int}", guards=[MAY])
async def one(request: Request[Any, Any, Any], budget_id: FromPath[int]) -> Response[Any]:
    """One budget with every transfer."""
    return await show_one(request, budget_id)


@post("/hr/budgets/{budget_id:int}/top-up", guards=[MAY])
async def add(request: Request[Any, Any, Any], budget_id: FromPath[int]) -> Response[Any]:
    """Add to a budget."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        budget = await budget_by_id(connection, budget_id)
    amount = amount_of(form, budget)
    reason = form.text("reason", ask="Say why, in a few words.")
    if form.fine and amount:
        try:
            async with transaction() as connection:
                await top_up(
                    connection,
                    budget_id,
                    amount.units,
                    by=by,
                    reason=reason,
                    key=key_of(form),
                    now=now,
                )
            return back(f"/hr/budgets/{budget_id}", Said.BUDGET_TOPPED_UP)
        except Refused as refused:
            form.wrong(beside(refused, "amount"), str(refused))
    return await show_one(request, budget_id, adding=form, status=422)


@post("/hr/budgets/{budget_id:int}/close", guards=[MAY])
async def close(request: Request[Any, Any, Any], budget_id: FromPath[int]) -> Response[Any]:
    """Close a budget; what is left returns to the company."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    reason = form.text("why", ask="Say why, in a few words.")
    if not form.ticked("sure"):
        form.wrong("sure", "Tick this to close it: a closed budget cannot be opened again.")
    if form.fine:
        try:
            async with transaction() as connection:
                await budget_by_id(connection, budget_id)
                await close_budget(
                    connection, budget_id, by=by, reason=reason, key=key_of(form), now=now
                )
            return back(f"/hr/budgets/{budget_id}", Said.BUDGET_CLOSED)
        except Refused as refused:
            form.wrong("why", str(refused))
    return await show_one(request, budget_id, closing=form, status=422)


@post("/hr/budgets/{budget_id:int}/spenders", guards=[MAY])
async def spenders(request: Request[Any, Any, Any], budget_id: FromPath[int]) -> Response[Any]:
    """Say who may spend from now on."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        budget = await budget_by_id(connection, budget_id)
        wanted = set(await spenders_of(connection, form))
        for person_id in wanted - set(budget.spenders):
            await allow_spender(connection, budget_id, person_id, by=by, now=now)
        for person_id in set(budget.spenders) - wanted:
            await forbid_spender(connection, budget_id, person_id, by=by, now=now)
    return back(f"/hr/budgets/{budget_id}", Said.BUDGET_SPENDERS)


async def show(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    """The page with all budgets."""
    async with transaction(readonly=True) as connection:
        found = await budgets(connection)
        people = await hr_people(connection)
    shown = [
        (budget, bar(budget), [people.get(id, "") for id in budget.spenders]) for budget in found
    ]
    context = {
        "open": [each for each in shown if each[0].closed_at is None],
        "closed": [each for each in shown if each[0].closed_at is not None],
        "people": people,
        "form": form,
        "viewer_id": viewer_of(request).person_id,
    }
    return page(request, "budgets/page.html", context, status=status)


async def show_one(
    request: Request[Any, Any, Any],
    budget_id: int,
    *,
    adding: Form | None = None,
    closing: Form | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page of one budget."""
    async with transaction(readonly=True) as connection:
        budget = await budget_by_id(connection, budget_id)
        moved = (await transfers(connection, budget_id))[::-1]
        contests = await contests_of(connection, budget_id)
        people = await hr_people(connection, budget.spenders)
        names = await names_of(
            connection, [row.person_id for row in moved[:SHOWN] if row.person_id]
        )
    context = {
        "budget": budget,
        "bar": bar(budget),
        "rows": [row_of(budget, row, contests, names) for row in moved[:SHOWN]],
        "more": max(0, len(moved) - SHOWN),
        "people": people,
        "adding": adding or Form({"key": str(uuid4())}),
        "closing": closing or Form({"key": str(uuid4())}),
    }
    return page(request, "budgets/one.html", context, status=status)


def row_of(
    budget: BudgetView, row: Transfer, contests: dict[int, Any], names: dict[int, str]
) -> dict[str, Any]:
    """A transfer in words."""
    return {
        "at": row.recorded_at,
        "verb": VERBS[row.verb],
        "amount": in_words(budget.amount(row.units)),
        "left": in_words(budget.amount(row.balance.available)),
        "reason": row.reason,
        "contest": contests.get(row.reservation_id or 0),
        "by": names.get(row.person_id or 0, "Fanfare" if row.person_id is None else ""),
    }


async def budget_by_id(connection: Connection, budget_id: int) -> BudgetView:
    """A budget; 404 in words where there is none."""
    found = next((one for one in await budgets(connection) if one.id == budget_id), None)
    if found is None:
        raise NotFoundException("There is no such budget.")
    return found


async def hr_people(connection: Connection, also: tuple[int, ...] = ()) -> dict[int, str]:
    """Who can be allowed to spend: people of HR, and who may already; by name."""
    ids = {*await role_holders(connection, "hr"), *also}
    names = await names_of(connection, list(ids))
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))


async def names_of(connection: Connection, person_ids: list[int]) -> dict[int, str]:
    """Names by person; whoever was erased is not among them."""
    rows = await connection.fetch(
        "select person_id, name from profile where person_id = any($1::bigint[])", person_ids
    )
    return {row["person_id"]: row["name"] for row in rows}


async def contests_of(connection: Connection, budget_id: int) -> dict[int, Any]:
    """Slug and name of the contest behind each reservation."""
    rows = await connection.fetch(
        """select r.id, c.slug, (select body::jsonb->>'name' from charter
             where contest_id = c.id order by id desc limit 1) as name
           from reservation r join contest c on c.id = r.contest_id where r.budget_id = $1""",
        budget_id,
    )
    return {row["id"]: row for row in rows}


async def spenders_of(connection: Connection, form: Form) -> list[int]:
    """The people whose box was ticked, of those who can be."""
    known = await role_holders(connection, "hr")
    return [person_id for person_id in known if form.ticked(f"spender_{person_id}")]


def amount_of(form: Form, budget: BudgetView | None = None) -> Amount | None:
    """The amount that was typed: of any currency or days, or of the budget's own."""
    try:
        if budget is None:
            return typed(form.value("amount"), field="amount")
        currencies = {budget.currency} if budget.currency else None
        amount = typed(form.value("amount"), currencies=currencies, kind=budget.kind)
        if amount.kind is not budget.kind:
            what = "vacation days" if budget.kind is Kind.DAYS else "money"
            raise Refused(f"This budget holds {what}.")
        return amount
    except Refused as refused:
        form.wrong("amount", str(refused))
        return None


def day_of(form: Form, name: str) -> date | None:
    """A day from a date field."""
    try:
        return date.fromisoformat(form.value(name))
    except ValueError:
        form.wrong(name, "Choose a day.")
        return None


def key_of(form: Form) -> str:
    """The key of this request; a form without one is its own request."""
    return f"page:{form.value('key')[:60] or uuid4()}"


def beside(refused: Refused, otherwise: str) -> str:
    """The field a refusal belongs beside."""
    return {"units": "amount", "kind": "amount", "currency": "amount", None: otherwise}.get(
        refused.field, refused.field or otherwise
    )


HANDLERS: Final = (overview, open_one, one, add, close, spenders)
