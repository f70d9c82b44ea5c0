"""Dates that winners of vacation days wish for: a yes, or a no with a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.approvals.queue import HERE, show
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.said import Said
from rewards import Refused, confirm_date, refuse_date

GUARDS = [has_role("hr")]


@post("/hr/approvals/{award_id:int}/dates/{wish_id:int}/confirm", guards=GUARDS)
async def confirm(
    request: Request[Any, Any, Any], award_id: FromPath[int], wish_id: FromPath[int]
) -> Response[Any]:
    """Yes to a date."""
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    try:
        async with transaction() as connection:
            await confirm_date(connection, award_id % 2**63, wish_id, by=by, now=now)
    except Refused as refused:
        return await _again(request, wish_id, await Form.of(request), refused)
    return back(HERE, Said.DATE_CONFIRMED)


@post("/hr/approvals/{award_id:int}/dates/{wish_id:int}/refuse", guards=GUARDS)
async def refuse(
    request: Request[Any, Any, Any], award_id: FromPath[int], wish_id: FromPath[int]
) -> Response[Any]:
    """No to a date, and why."""
    by, now, form = viewer_of(request).person_id, datetime.now(UTC), await Form.of(request)
    reason = form.optional(f"reason-{wish_id}", most=500)
    if not form.fine:
        return await show(request, form, status=422)
    try:
        async with transaction() as connection:
            await refuse_date(connection, award_id % 2**63, wish_id, by=by, reason=reason, now=now)
    except Refused as refused:
        return await _again(request, wish_id, form, refused)
    return back(HERE, Said.DATE_REFUSED)


async def _again(
    request: Request[Any, Any, Any], wish_id: int, form: Form, refused: Refused
) -> Response[Any]:
    field = "reason" if refused.field == "reason" else "wish"
    form.wrong(f"{field}-{wish_id}", str(refused))
    return await show(request, form, status=422)
