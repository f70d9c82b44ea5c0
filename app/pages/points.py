"""`/points`: how points work, told from the rulebook in force and from what the networks allow."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import signed_in
from app.pages.fragment import page
from app.pages.rule_words import in_words
from app.pages.wall import safe_address
from scoring import Applied, Incentive, incentives, load_books, platforms, topics_in_use

MODES: Final = {
    Incentive.CASH: "Money and vacation days are possible",
    Incentive.RECOGNITION: "Points and thanks, no money and no days",
    Incentive.OFF: "Nothing may be won, and no points are given",
}

MOST_CORRECTIONS: Final = 5  # the latest; all of them stand on HR's page


@get("/points", guards=[signed_in], name="points")
async def points(request: Request[Any, Any, Any]) -> Response[str]:
    """Tell every rule that holds now, with its numbers."""
    state = request.app.state
    async with state.pool.acquire() as connection:
        books = await load_books(connection, state.settings.timezone)
        corrections = await corrected(connection)
        topics = await topics_in_use(connection)
        now = datetime.now(UTC)
        policies = await incentives(connection, now)
    book = books.in_force(now)
    began = book is not None and book.valid_from.year > 1970
    context = {
        "book": {"name": book.name, "since": book.valid_from if began else None} if book else None,
        "rules": [in_words(rule, topics) for rule in book.rules.values()] if book else [],
        "coming": [{"name": one.name, "since": one.valid_from} for one in books.coming(now)],
        "corrections": corrections,
        "zone": str(state.settings.timezone),
        "networks": [
            {
                "label": network.label,
                "mode": MODES[policies[network.name].mode],
                "reason": network.incentive.reason,
                "decided": decided_words(policies[network.name]),
                "source": network.incentive.source,
                "href": safe_address(network.incentive.source),
                "read_on": network.incentive.read_on,
                "freshness": network.capabilities.freshness,
            }
            for network in platforms().values()
        ],
    }
    return page(request, "points/page.html", context)


def decided_words(applied: Applied) -> str | None:
    """Why it is otherwise here than the network's own rules say; None where it is as they say."""
    return None if applied.decided is None else applied.decided.reason


async def corrected(connection: Any) -> list[dict[str, Any]]:
    """The corrections of the past, the newest first, each with its reason."""
    rows = await connection.fetch(
        """select r.valid_from, r.recorded_at, a.detail->>'reason' as reason
           from audit a join rulebook r on a.subject = 'rulebook:' || r.id
           where a.action = 'rulebook_corrected' order by a.id desc limit $1""",
        MOST_CORRECTIONS,
    )
    return [dict(row) for row in rows]


HANDLERS: Final = [points]
