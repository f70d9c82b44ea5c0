"""What somebody decides about one award: approve, refuse, take back, settle a leaver's days.

Law: a refusal stands beside its field, and a form sent twice is done once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.approvals.acting import acting
from app.pages.approvals.one import known, show
from app.pages.approvals.queue import HERE, acts_for
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.said import Said
from rewards import Amount, Refused, approve, person_left, recover, refuse, settle_days, typed


@post("/hr/approvals/{award_id:int}/{deed:str}")
async def decide(
    request: Request[Any, Any, Any], award_id: FromPath[int], deed: FromPath[str]
) -> Response[Any]:
    """Approve or refuse."""
    now, form = datetime.now(UTC), await Form.of(request)
    if deed not in ("approve", "refuse"):
        raise NotFoundException
    try:
        async with transaction() as connection:
            by = (await acting(connection, request, now)).person_id
            view = await known(connection, award_id, by)
            if deed == "approve":
                await approve(connection, view.id, by=by, for_person=acts_for(form), now=now)
            else:
                await refuse(
                    connection, view.id, by=by, for_person=acts_for(form),
                    reason=form.optional("reason", most=1000), now=now,
                )  # fmt: skip
    except Refused as refused:
        form.wrong(refused.field or deed, str(refused))
        return await show(request, award_id, form, status=422)
    return back(HERE, Said.AWARD_APPROVED if deed == "approve" else Said.AWARD_REFUSED)


@post("/hr/approvals/{award_id:int}/recover", guards=[has_role("hr")])
async def take_back(request: Request[Any, Any, Any], award_id: FromPath[int]) -> Response[Any]:
    """Take back what was paid, or a part of it."""
    by, now, form = viewer_of(request).person_id, datetime.now(UTC), await Form.of(request)
    reason = form.text("reason", ask="Say why: the winner reads it.", most=500)
    async with transaction() as connection:
        view = await known(connection, award_id, by)
    amount = _amount(form, view.amount)
    if amount is None or not form.fine:
        return await show(request, award_id, form, status=422)
    try:
        async with transaction() as connection:
            await recover(
                connection, view.id, amount.units, by=by, reason=reason, now=now,
                key=f"form:{view.id}:{form.value('key')}",
            )  # fmt: skip
    except Refused as refused:
        form.wrong("reason" if refused.field == "reason" else "amount", str(refused))
        return await show(request, award_id, form, status=422)
    return back(f"{HERE}/{award_id}", Said.AWARD_RECOVERED)


@post("/hr/approvals/{award_id:int}/left", guards=[has_role("hr")])
async def left(request: Request[Any, Any, Any], award_id: FromPath[int]) -> Response[Any]:
    """Note that the winner left the company: money stays theirs, days are settled in words."""
    by, now, form = viewer_of(request).person_id, datetime.now(UTC), await Form.of(request)
    if not form.ticked("left"):
        form.wrong("left", "Tick the box if they left the company for good.")
        return await show(request, award_id, form, status=422)
    try:
        async with transaction() as connection:
            view = await known(connection, award_id, by)
            await person_left(connection, view.person_id, now, by=by)
    except Refused as refused:
        form.wrong("left", str(refused))
        return await show(request, award_id, form, status=422)
    return back(f"{HERE}/{award_id}", Said.WINNER_LEFT)


@post("/hr/approvals/{award_id:int}/settle", guards=[has_role("hr")])
async def settle(request: Request[Any, Any, Any], award_id: FromPath[int]) -> Response[Any]:
    """Write down how the days of somebody who left were settled."""
    by, now, form = viewer_of(request).person_id, datetime.now(UTC), await Form.of(request)
    reason = form.optional("settled", most=500)
    try:
        async with transaction() as connection:
            view = await known(connection, award_id, by)
            if form.fine:
                await settle_days(connection, view.id, by=by, reason=reason, now=now)
    except Refused as refused:
        form.wrong("settled", str(refused))
    if not form.fine:
        return await show(request, award_id, form, status=422)
    return back(f"{HERE}/{award_id}", Said.DAYS_SETTLED)


def _amount(form: Form, of: Amount | None) -> Amount | None:
    if of is None:
        form.wrong("amount", "Recognition is not paid, so nothing can be taken back.")
        return None
    try:
        currencies = None if of.currency is None else {of.currency}
        return typed(form.value("amount"), currencies=currencies, kind=of.kind, field="amount")
    except Refused as refused:
        form.wrong("amount", str(refused))
        return None
