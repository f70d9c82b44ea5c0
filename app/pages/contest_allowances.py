"""`/admin/contests`: what contests here may do: draws, cash or days, and what each network's rules say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.admin import INCENTIVES
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import Refused, allowances, decide_allowance
from scoring import incentives, platforms

HERE: Final = "/admin/contests"
GUARDS: Final = [has_role("administrator")]


@get(HERE, guards=GUARDS)
async def allowed(request: Request[Any, Any, Any]) -> Response[Any]:
    """What is allowed, by whom and why."""
    return await _show(request, Form())


@post(HERE, guards=GUARDS)
async def decide(request: Request[Any, Any, Any]) -> Response[Any]:
    """Allow or forbid one of them, with the reason."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    name = form.value("name")
    field = f"reason_{name}"
    decision = form.choice("decision", ("allow", "forbid"), ask="Choose one of the two.")
    reason = form.optional(field, most=500)
    if not form.fine:
        return await _show(request, form, status=422)
    try:
        async with transaction() as connection:
            await decide_allowance(connection, name, decision == "allow", reason, by=by, now=now)
    except Refused as refused:
        form.wrong(field if refused.field else "name", str(refused))
        return await _show(request, form, status=422)
    return back(HERE, Said.CONTEST_ALLOWED if decision == "allow" else Said.CONTEST_FORBIDDEN)


async def _show(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    async with transaction(readonly=True) as connection:
        found = await allowances(connection)
        policies = await incentives(connection, datetime.now(UTC))
        rows = await connection.fetch(
            "select person_id, name from profile where person_id = any($1::bigint[])",
            [one.person_id for one in found if one.person_id is not None],
        )
    context = {
        "allowances": found,
        "names": {row["person_id"]: row["name"] for row in rows},
        "networks": [
            (one, INCENTIVES[policies[name].mode], policies[name].decided)
            for name, one in platforms().items()
        ],
        "form": form,
    }
    return page(request, "admin/contests.html", context, status=status)


HANDLERS: Final = (allowed, decide)
