"""`/hr/payouts`: what waits to be paid out, the payouts that were made, their files.

Law: a file downloaded again is the same bytes; a second click on "make" finds nothing to pay.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.budgets import names_of
from app.pages.download import download
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import (
    Amount,
    Format,
    Kind,
    PayoutView,
    Refused,
    Waiting,
    figure,
    in_words,
    make_payout,
    payout_file,
    payout_formats,
    payout_lines,
    payouts,
    table,
    totals,
    waiting,
)
from scoring import record_audit

MAY: Final = has_role("hr")
SHOWN: Final = 100  # of those who wait, on the page; all are in the payout


@get("/hr/payouts", guards=[MAY])
async def overview(request: Request[Any, Any, Any]) -> Response[Any]:
    """What waits, and the history."""
    return await show(request, Form())


@post("/hr/payouts", guards=[MAY])
async def make(request: Request[Any, Any, Any]) -> Response[Any]:
    """Make a payout of all that waits in one currency, or of the days."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    currency = form.value("currency") or None
    try:
        async with transaction() as connection:
            made = await make_payout(
                connection,
                format=form.value("format"),
                kind=Kind.CASH if currency else Kind.DAYS,
                currency=currency,
                by=by,
                now=now,
                zone=request.app.state.settings.timezone,
            )
        return back(f"/hr/payouts/{made.number}", Said.PAYOUT_MADE)
    except Refused as refused:
        form.wrong(f"format_{currency or 'days'}", str(refused))
        return await show(request, form, status=422)


@get("/hr/payouts/{number:str}", guards=[MAY])
async def one(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
    """One payout: what it holds and what of it was paid."""
    return await show_one(request, number, Form())


@get("/hr/payouts/{number:str}/file", guards=[MAY])
async def file(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
    """The file for payroll, as it was made; who took it is kept."""
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        await payout_by_number(connection, number)
        try:
            name, body = await payout_file(connection, number)
        except Refused as refused:
            raise NotFoundException(str(refused)) from None
        await record_audit(connection, by, "payout_downloaded", f"payout:{number}", {}, now)
    return download(name, body)


@get("/hr/payouts/{number:str}/to-confirm.csv", guards=[MAY])
async def to_confirm(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
    """The list payroll fills in and sends back: everything unpaid, the day left open."""
    async with transaction(readonly=True) as connection:
        await payout_by_number(connection, number)
        lines = await payout_lines(connection, number)
    rows = [
        (line.reference, line.name, figure(line.amount), line.amount.currency or "days", "")
        for line in lines
        if line.paid_on is None
    ]
    text = table([("reference", "name", "amount", "currency", "paid_on"), *rows])
    return download(f"{number}-to-confirm.csv", text.encode())


async def show(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    """The page of payouts."""
    async with transaction(readonly=True) as connection:
        found = await waiting(connection)
        made = await payouts(connection)
    context = {
        "groups": groups(found),
        "payouts": [history(view) for view in made],
        "form": form,
    }
    return page(request, "payouts/page.html", context, status=status)


def groups(found: list[Waiting]) -> list[dict[str, Any]]:
    """What waits by currency, with the formats that can say it."""
    return [
        {
            "code": total.currency or "",
            "id": total.currency or "days",
            "total": in_words(total),
            "formats": formats_for(total),
            "count": len(rows),
            "rows": rows[:SHOWN],
            "more": max(0, len(rows) - SHOWN),
            "words": [in_words(row.amount) for row in rows[:SHOWN]],
            "unnumbered": sum(not row.number for row in rows)
            if any(chosen.needs == "number" for chosen in formats_for(total))
            else 0,
        }
        for total in totals([row.amount for row in found])
        for rows in [[row for row in found if row.amount.currency == total.currency]]
    ]


def formats_for(total: Amount) -> list[Format]:
    """The formats that can say an amount."""
    return [
        chosen
        for chosen in payout_formats().values()
        if chosen.kind is total.kind and chosen.currency in (None, total.currency)
    ]


def history(view: PayoutView) -> dict[str, Any]:
    """A payout as a line."""
    known = payout_formats().get(view.format)
    return {
        "payout": view,
        "total": in_words(view.total),
        "format": known.label if known else view.format,
    }


async def payout_by_number(connection: Connection, number: str) -> PayoutView:
    """A payout; 404 in words where there is none."""
    found = await payouts(connection, number.replace("\x00", ""))
    if not found:
        raise NotFoundException("There is no such payout.")
    return found[0]


async def show_one(
    request: Request[Any, Any, Any], number: str, form: Form, *, status: int = 200
) -> Response[Any]:
    """The page of one payout."""
    async with transaction(readonly=True) as connection:
        view = await payout_by_number(connection, number)
        lines = await payout_lines(connection, number)
        names = await names_of(connection, [view.made_by])
    context = {
        **history(view),
        "lines": [(line, in_words(line.amount)) for line in lines],
        "by": names.get(view.made_by, ""),
        "form": form,
        "today": datetime.now(request.app.state.settings.timezone).date(),
    }
    return page(request, "payouts/one.html", context, status=status)


HANDLERS: Final = (overview, make, one, file, to_confirm)
