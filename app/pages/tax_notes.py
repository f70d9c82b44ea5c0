"""`/hr/tax-notes`: what HR says about tax on prizes, by country, in HR's own words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import EVERYWHERE, Refused, countries, set_tax_note, tax_notes

MAY: Final = has_role("hr")


@get("/hr/tax-notes", guards=[MAY])
async def notes(request: Request[Any, Any, Any]) -> Response[Any]:
    """The notes in force; `?country=DE` opens one for editing."""
    return await show(request, None)


@post("/hr/tax-notes", guards=[MAY])
async def save(request: Request[Any, Any, Any]) -> Response[Any]:
    """Write a note, or take it away by leaving it empty."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    try:
        async with transaction() as connection:
            await set_tax_note(
                connection, form.value("country"), form.value("text"), by=by, now=now
            )
        return back("/hr/tax-notes", Said.TAX_NOTE)
    except Refused as refused:
        form.wrong(refused.field or "text", str(refused))
        return await show(request, form, status=422)


async def show(
    request: Request[Any, Any, Any], form: Form | None, *, status: int = 200
) -> Response[Any]:
    """The page of notes."""
    async with transaction(readonly=True) as connection:
        found = await tax_notes(connection)
    if form is None:
        wanted = request.query_params.get("country", "")
        text = next((note.text for note in found if note.country == wanted), "")
        form = Form({"country": wanted, "text": text})
    context = {
        "notes": sorted(found, key=lambda note: (note.country == EVERYWHERE, note.where)),
        "countries": [(EVERYWHERE, "Everywhere else"), *countries()],
        "form": form,
    }
    return page(request, "tax_notes/page.html", context, status=status)


HANDLERS: Final = (notes, save)
