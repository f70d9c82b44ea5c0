"""`/hr/rules`: which rules hold, which held before and which will, and by whom."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import has_role
from app.database import Connection, transaction
from app.pages.fragment import page
from scoring import load_books, presets

BEGINNING: Final = datetime(1970, 1, 2, tzinfo=UTC)  # what is before it holds "from the beginning"

_VERSIONS: Final = """
select r.id, r.name, r.valid_from, r.recorded_at, p.name as by, a.action, a.detail::text as detail
from rulebook r
left join profile p on p.person_id = r.person_id
left join lateral (select action, detail from audit where subject = 'rulebook:' || r.id
                   order by id limit 1) a on true
order by r.recorded_at desc, r.id desc
"""


@get("/hr/rules", guards=[has_role("hr")])
async def rules(request: Request[Any, Any, Any]) -> Response[str]:
    """Every version, the newest first, and what to begin another one with."""
    now = datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        versions = await every_version(connection, now, request)
    context = {"versions": versions, "presets": list(presets().values())}
    return page(request, "rulebooks/list.html", context)


async def every_version(
    connection: Connection, now: datetime, request: Request[Any, Any, Any]
) -> list[dict[str, Any]]:
    """The versions as lines of a table."""
    books = await load_books(connection, request.app.state.settings.timezone)
    holds = books.in_force(now)
    coming = {book.id for book in books.coming(now)}
    found = []
    for row in await connection.fetch(_VERSIONS):
        valid_from, recorded_at = row["valid_from"], row["recorded_at"]
        reason = json.loads(row["detail"] or "{}").get("reason")
        if holds is not None and row["id"] == holds.id:
            state = "holds"
        elif row["id"] in coming:
            state = "planned"
        else:
            state = "overruled" if valid_from > now else "before"
        found.append(
            {
                "id": row["id"],
                "name": row["name"],
                "since": valid_from if valid_from > BEGINNING else None,
                "recorded_at": recorded_at,
                "by": row["by"],
                "state": state,
                "correction": row["action"] == "rulebook_corrected",
                "reason": reason,
            }
        )
    return found


HANDLERS: Final = (rules,)
