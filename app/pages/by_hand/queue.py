"""`/comms/figures`: what colleagues handed in and nobody has looked at yet.

Law: shown are the post, the account and the figures, for those are what is decided; no name beside them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.by_hand.words import shown
from app.pages.fragment import page
from scoring import answered_statements, everyone_of, waiting_count, waiting_statements

HERE: Final = "/comms/figures"
GUARDS: Final = [has_role("communications")]
A_PAGE: Final = 50


@get(HERE, guards=GUARDS)
async def queue(request: Request[Any, Any, Any]) -> Response[Any]:
    """What waits, the oldest first, and what was answered last."""
    after = request.query_params.get("after", "")
    since = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    async with transaction(readonly=True) as connection:
        mine = await everyone_of(connection, viewer_of(request).person_id)
        found = await waiting_statements(connection, after=since, limit=A_PAGE + 1)
        answered = await answered_statements(connection)
        count = await waiting_count(connection)
    context = {
        "rows": [{"it": shown(one), "own": one.person_id in mine} for one in found[:A_PAGE]],
        "answered": [shown(one) for one in answered],
        "count": count,
        "later_href": f"{HERE}?after={found[A_PAGE - 1].id}" if len(found) > A_PAGE else None,
        "now": datetime.now(UTC),
    }
    return page(request, "by_hand/queue.html", context)


HANDLERS: Final = (queue,)
