"""`/hr/payout-formats`: the formats a payout can have, the company's codes in each, what it looks like."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import Refused, payout_format, payout_formats, payout_settings, set_payout_settings

MAY: Final = has_role("hr")


@get("/hr/payout-formats", guards=[MAY])
async def formats(request: Request[Any, Any, Any]) -> Response[Any]:
    """Every format with its codes."""
    return await show(request, {})


@post("/hr/payout-formats/{name:str}", guards=[MAY])
async def save(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
    """Keep the codes of a format."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    try:
        chosen = payout_format(name)
    except Refused:
        return back("/hr/payout-formats")
    values = {setting.name: form.optional(setting.name, most=60) for setting in chosen.settings}
    if form.fine:
        try:
            async with transaction() as connection:
                await set_payout_settings(connection, chosen, values, by=by, now=now)
            return back("/hr/payout-formats", Said.PAYOUT_CODES)
        except Refused as refused:
            form.wrong(refused.field or chosen.settings[0].name, str(refused))
    return await show(request, {name: form}, status=422)


async def show(
    request: Request[Any, Any, Any], forms: dict[str, Form], *, status: int = 200
) -> Response[Any]:
    """The page of formats."""
    async with transaction(readonly=True) as connection:
        shown = [
            (
                chosen,
                forms.get(chosen.name) or Form(await payout_settings(connection, chosen)),
                chosen.examples[0],
            )
            for chosen in payout_formats().values()
        ]
    return page(
        request, "payouts/formats.html", {"formats": shown, "wrong": set(forms)}, status=status
    )


HANDLERS: Final = (formats, save)
