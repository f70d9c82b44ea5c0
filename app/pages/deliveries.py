"""`/admin/deliveries`: what could not be read, with the reason, and trying it again.

Law: nothing here can be thrown away; a delivery is read or stays in the list.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.linking import label
from app.pages.said import Said
from scoring import ignored_counts, record_audit, retry, set_aside_count, set_aside_list

SHOWN: Final = 100  # newest first; the rest comes up as these are dealt with
IGNORED_FOR: Final = timedelta(days=30)


@get("/admin/deliveries", guards=[has_role("administrator")])
async def deliveries(request: Request[Any, Any, Any]) -> Response[Any]:
    """Deliveries that are set aside, and how many were ignored, by network and reason."""
    async with transaction(readonly=True) as connection:
        aside = await set_aside_list(connection, SHOWN)
        count = await set_aside_count(connection)
        ignored = await ignored_counts(connection, datetime.now(UTC) - IGNORED_FOR)
    context = {
        "aside": [(label(row.platform), row) for row in aside],
        "count": count,
        "ignored": [(label(row.platform), row) for row in ignored],
        "days": IGNORED_FOR.days,
    }
    return page(request, "admin/deliveries.html", context)


@post("/admin/deliveries", guards=[has_role("administrator")])
async def try_again(request: Request[Any, Any, Any]) -> Response[Any]:
    """Put one delivery, or all that are set aside, back into the queue."""
    form = await Form.of(request)
    which = form.value("delivery")
    # An identifier as PostgreSQL's bigint holds it; anything else is nobody's button.
    one = [int(which)] if which.isascii() and which.isdecimal() and len(which) < 19 else []
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        chosen = None if which == "all" else one
        put_back = await retry(connection, chosen, now, "an administrator tried again")
        detail = {"deliveries": put_back[:SHOWN], "count": len(put_back)}
        await record_audit(connection, person_id, "retried", "deliveries", detail, now)
    return back("/admin/deliveries", Said.RETRIED if put_back else Said.NOT_RETRIED)


HANDLERS: Final = (deliveries, try_again)
