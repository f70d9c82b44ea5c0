"""`/me/cases`: what one said was wrong and what is held of one's points, with the answers.

Law: only ever one's own.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from app.auth.guards import signed_in, viewer_of
from app.database import transaction
from app.pages.cases.words import state
from app.pages.fragment import page
from scoring import Ways, own_cases


@get("/me/cases", guards=[signed_in])
async def own(request: Request[Any, Any, Any]) -> Response[Any]:
    """One's own cases, newest first."""
    async with transaction(readonly=True) as connection:
        found = await own_cases(connection, viewer_of(request).person_id)
    context = {
        "cases": [
            {
                "id": line.id,
                "is_dispute": line.kind.ways is Ways.ASKED,
                "asked": line.asked,
                "held": line.kind.upheld if line.outcome == "upheld" else line.kind.held,
                "opened_at": line.opened_at,
                "state": state(line.kind, line.outcome),
                "points": line.points,
                "answered": line.answered,
                "decided_at": line.decided_at,
                "is_open": line.outcome is None,
            }
            for line in found
        ]
    }
    return page(request, "cases/own.html", context)
