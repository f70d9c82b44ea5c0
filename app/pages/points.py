"""`/points`: how points work, told from the rulebook in force and from what the networks allow."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import signed_in
from app.pages.fragment import page
from app.pages.rule_words import in_words
from app.pages.wall import safe_address
from scoring import Incentive, load_books, platforms

MODES: Final = {
    Incentive.CASH: "Money and vacation days are possible",
    Incentive.RECOGNITION: "Points and thanks, no money and no days",
    Incentive.OFF: "Nothing may be won, and no points are given",
}


@get("/points", guards=[signed_in], name="points")
async def points(request: Request[Any, Any, Any]) -> Response[str]:
    """Tell every rule that holds now, with its numbers."""
    state = request.app.state
    async with state.pool.acquire() as connection:
        books = await load_books(connection, state.settings.timezone)
    book = books.in_force(datetime.now(UTC))
    began = book is not None and book.valid_from.year > 1970
    context = {
        "book": {"name": book.name, "since": book.valid_from if began else None} if book else None,
        "rules": [in_words(rule) for rule in book.rules.values()] if book else [],
        "zone": str(state.settings.timezone),
        "networks": [
            {
                "label": network.label,
                "mode": MODES[network.incentive.mode],
                "reason": network.incentive.reason,
                "source": network.incentive.source,
                "href": safe_address(network.incentive.source),
                "read_on": network.incentive.read_on,
                "freshness": network.capabilities.freshness,
            }
            for network in platforms().values()
        ],
    }
    return page(request, "points/page.html", context)


HANDLERS: Final = [points]
