"""`/hr/payments`: what payroll paid comes back as a file, looked at before it is applied.

Law: the dry run and the real one read the same file by the same code; between them nothing is kept.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.payouts import payout_by_number, show_one
from app.pages.said import Said
from app.pages.upload import carried, taken_back, uploaded
from rewards import (
    PaymentPlan,
    Refused,
    all_paid,
    import_paid,
    in_words,
    match_payments,
    totals,
)

MAY: Final = has_role("hr")


@get("/hr/payments", guards=[MAY])
async def ask(request: Request[Any, Any, Any]) -> Response[Any]:
    """The form for the file."""
    return form_page(request, Form())


@post("/hr/payments", guards=[MAY])
async def dry_run(request: Request[Any, Any, Any]) -> Response[Any]:
    """Say what the file would do."""
    body = await uploaded(request)
    form = await Form.of(request)
    if not body and form.value("text").strip():
        body = form.value("text").encode()
    return await look(request, body, form)


@post("/hr/payments/apply", guards=[MAY])
async def apply(request: Request[Any, Any, Any]) -> Response[Any]:
    """Pay what the file says was paid."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    body = taken_back(form.value("body"))
    try:
        async with transaction() as connection:
            done = await import_paid(
                connection, body, by=by, now=now, zone=request.app.state.settings.timezone
            )
    except Refused as refused:
        form.wrong("file", str(refused))
        return form_page(request, form, status=422)
    if done.mismatches:
        return form_page(request, Form(), done=done)
    return back("/hr/payouts", Said.PAYMENTS_TAKEN if done.paid else Said.PAYMENTS_KNOWN)


@post("/hr/payouts/{number:str}/paid", guards=[MAY])
async def all_of_it(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
    """Everything in a payout was paid on a day: the dry run of the file that says so."""
    form = await Form.of(request)
    try:
        paid_on = date.fromisoformat(form.value("paid_on"))
    except ValueError:
        form.wrong("paid_on", "Choose the day on which it was paid.")
        return await show_one(request, number, form, status=422)
    try:
        async with transaction(readonly=True) as connection:
            await payout_by_number(connection, number)
            body = await all_paid(connection, number, paid_on)
    except Refused as refused:
        form.wrong("paid_on", str(refused))
        return await show_one(request, number, form, status=422)
    return await look(request, body, form)


async def look(request: Request[Any, Any, Any], body: bytes, form: Form) -> Response[Any]:
    """The page that says what a file would do."""
    by = viewer_of(request).person_id
    today = datetime.now(request.app.state.settings.timezone).date()
    try:
        if not body:
            raise Refused("Choose the file that payroll sent, or paste its lines.")
        async with transaction(readonly=True) as connection:
            plan = await match_payments(connection, body, by=by, today=today)
    except Refused as refused:
        form.wrong("file", str(refused))
        return form_page(request, form, status=422)
    context: dict[str, Any] = {
        "plan": plan,
        "words": said(plan),
        "good": [(paid, in_words(paid.amount)) for paid in plan.paid],
        "body": carried(body),
    }
    return form_page(request, Form(), **context)


def form_page(
    request: Request[Any, Any, Any], form: Form, *, status: int = 200, **more: Any
) -> Response[Any]:
    """The page that asks for the file, or says what it would do (`plan`) or did (`done`)."""
    context = {"form": form, "plan": None, "done": None, **more}
    return page(request, "payouts/payments.html", context, status=status)


def said(plan: PaymentPlan) -> str:
    """“€225 and 2 vacation days”: what the good lines come to."""
    return " and ".join(in_words(total) for total in totals([paid.amount for paid in plan.paid]))


HANDLERS: Final = (ask, dry_run, apply, all_of_it)
