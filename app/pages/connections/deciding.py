"""What an administrator decides about a connection: what may be won, member data, trying again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.connections.listing import HERE
from app.pages.connections.one import show
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.said import Said
from scoring import (
    NotDecided,
    decide_incentive,
    decide_member_data,
    platforms,
    record_audit,
    retry,
)

NAMED: Final = 100  # ids that the audit names; enough to know them by
WHY: Final = "an administrator tried again"


@post("/admin/connections/{platform:str}/{deed:str}", guards=[has_role("administrator")])
async def decide(
    request: Request[Any, Any, Any], platform: FromPath[str], deed: FromPath[str]
) -> Response[Any]:
    """Decide what may be won, confirm member data, or try deliveries again."""
    if platform not in platforms():
        raise NotFoundException
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    match deed:
        case "policy":
            return await _policy(request, platform, form, by, now)
        case "member-data":
            return await _member_data(request, platform, form, by, now)
        case "retry":
            return await _retry(platform, form, by, now)
    raise NotFoundException


async def _policy(
    request: Request[Any, Any, Any], name: str, form: Form, by: int, now: datetime
) -> Response[Any]:
    mode = form.choice("mode", ("own", "cash", "recognition", "off"), ask="Choose what may be won.")
    reason = form.text("reason", ask="Say why: the reason stays on record.", most=500)
    if not form.fine:
        return await show(request, name, form, status=422)
    async with transaction() as connection:
        await decide_incentive(connection, name, mode, reason, by=by, now=now)
    return back(f"{HERE}/{name}", Said.POLICY_DECIDED)


async def _member_data(
    request: Request[Any, Any, Any], name: str, form: Form, by: int, now: datetime
) -> Response[Any]:
    on = form.choice("member_data", ("on", "off"), ask="Choose one of the two.") == "on"
    reason = form.text(
        "agreement", ask="Name the agreement and who read it: it stays on record.", most=500
    )
    if not form.fine:
        return await show(request, name, form, status=422)
    try:
        async with transaction() as connection:
            await decide_member_data(connection, name, on, reason, by=by, now=now)
    except NotDecided as why:
        form.wrong("agreement", str(why))
        return await show(request, name, form, status=422)
    return back(f"{HERE}/{name}", Said.MEMBER_DATA_ON if on else Said.MEMBER_DATA_OFF)


async def _retry(name: str, form: Form, by: int, now: datetime) -> Response[Any]:
    which = form.value("delivery")
    # An identifier as PostgreSQL's bigint holds it; anything else is nobody's button.
    one = [int(which)] if which.isascii() and which.isdecimal() and len(which) < 19 else []
    async with transaction() as connection:
        chosen = None if which == "all" else one
        put_back = await retry(connection, chosen, now, WHY, platform=name)
        detail = {"network": name, "deliveries": put_back[:NAMED], "count": len(put_back)}
        await record_audit(connection, by, "retried", "deliveries", detail, now)
    return back(f"{HERE}/{name}", Said.RETRIED if put_back else Said.NOT_RETRIED)
