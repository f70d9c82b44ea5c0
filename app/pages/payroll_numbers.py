"""`/hr/payroll-numbers`: what payroll calls the people whose prizes wait, typed or from a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from app.pages.upload import uploaded
from rewards import NumbersRead, Refused, read_numbers, set_payroll_number, waiting

MAY: Final = has_role("hr")


@get("/hr/payroll-numbers", guards=[MAY])
async def numbers(request: Request[Any, Any, Any]) -> Response[Any]:
    """Those who wait, and their numbers."""
    return await show(request, Form())


@post("/hr/payroll-numbers", guards=[MAY])
async def save(request: Request[Any, Any, Any]) -> Response[Any]:
    """Keep the numbers that were typed; those that cannot be are said beside their field."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    sent = await request.form()
    async with transaction() as connection:
        for person_id, _, _ in await people_who_wait(connection):
            field = f"number_{person_id}"
            if field not in sent:
                continue  # began to wait after the page was opened
            try:
                await set_payroll_number(connection, person_id, form.value(field), by=by, now=now)
            except Refused as refused:
                form.wrong(field, str(refused))
    if form.fine:
        return back("/hr/payroll-numbers", Said.PAYROLL_NUMBERS)
    return await show(request, form, status=422)


@post("/hr/payroll-numbers/file", guards=[MAY])
async def take(request: Request[Any, Any, Any]) -> Response[Any]:
    """Take numbers from a CSV; good lines are kept, the others said."""
    body = await uploaded(request)
    form, by, now = Form(), viewer_of(request).person_id, datetime.now(UTC)
    try:
        async with transaction() as connection:
            done = await read_numbers(connection, body, by=by, now=now)
    except Refused as refused:
        form.wrong("file", "Choose a file." if not body else str(refused))
        return await show(request, Form(), file=form, status=422)
    return await show(request, form, done=done)


async def people_who_wait(connection: Connection) -> list[tuple[int, str, str]]:
    """Id, name and number of everybody whose award waits to be paid out, those without one first."""
    found = {row.award.person_id: (row.name, row.number) for row in await waiting(connection)}
    return sorted(
        ((person_id, *known) for person_id, known in found.items()),
        key=lambda person: (bool(person[2]), person[1].casefold()),
    )


async def show(
    request: Request[Any, Any, Any],
    form: Form,
    *,
    file: Form | None = None,
    done: NumbersRead | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page of numbers; what was typed wins over what is known."""
    async with transaction(readonly=True) as connection:
        people = await people_who_wait(connection)
        known = await connection.fetchval("select count(*) from payroll_number")
    typed = form if not form.fine else Form({f"number_{id}": number for id, _, number in people})
    context = {
        "people": people,
        "known": known,
        "form": typed,
        "file": file or Form(),
        "done": done,
    }
    return page(request, "payouts/numbers.html", context, status=status)


HANDLERS: Final = (numbers, save, take)
