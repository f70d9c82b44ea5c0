"""`/hr/cases`: what a person must decide about points, the oldest first.

Law: who works in HR reads nothing here of a case about their own points but that somebody else answers.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.approvals.acting import names_of
from app.pages.cases.words import state, summary
from app.pages.fragment import page
from rewards import contests_in_the_way
from scoring import CaseLine, case_kinds, case_queue, known_kind, open_case_counts

HERE: Final = "/hr/cases"
A_PAGE: Final = 50
_MOST_ID: Final = 2**63 - 1


@get(HERE, guards=[has_role("hr")])
async def queue(request: Request[Any, Any, Any]) -> Response[Any]:
    """Open cases by kind, or what was answered."""
    viewer, query = viewer_of(request), request.query_params
    kind = query.get("kind", "")
    kind = kind if known_kind(kind) else ""
    is_open = query.get("show") != "answered"
    async with transaction(readonly=True) as connection:
        counts = await open_case_counts(connection)
        found = await case_queue(
            connection,
            viewer_id=viewer.person_id,
            open=is_open,
            kind=kind or None,
            past=_number(query.get("past", "")),
            limit=A_PAGE + 1,
        )
        ids = [line.id for line in found] if is_open else []
        barred = await contests_in_the_way(connection, ids, viewer.person_id)
        names = await names_of(
            connection, {who for line in found for who in (line.person_id, line.decided_by)}
        )
    more = found[A_PAGE - 1].id if len(found) > A_PAGE else None

    def address(**changes: object) -> str:
        asked = {"kind": kind, "show": "" if is_open else "answered", **changes}
        pairs = [(name, value) for name, value in asked.items() if value]
        return f"{HERE}?{urlencode(pairs)}" if pairs else HERE

    labels = {name: one.label for name, one in case_kinds().items()}
    context = {
        "is_open": is_open,
        "waiting": sum(counts.values()),
        "filters": [("All", sum(counts.values()), address(kind=""), not kind)]
        + [
            (labels.get(name, "Something to look at"), number, address(kind=name), name == kind)
            # What people said comes first: somebody waits for it.
            for name, number in sorted(
                counts.items(), key=lambda item: (item[0] != "dispute", item)
            )
        ],
        "kind_label": labels.get(kind),
        "all_href": address(kind="", show="" if is_open else "answered"),
        "open_href": address(show=""),
        "answered_href": address(show="answered"),
        "lines": [_told(line, names, line.id in barred) for line in found[:A_PAGE]],
        "more_href": address(past=more) if more else None,
        "now": datetime.now(UTC),
    }
    return page(request, "cases/queue.html", context)


def _told(line: CaseLine, names: dict[int, str], barred: bool) -> dict[str, Any]:
    others = line.touches_viewer
    whose = names.get(line.person_id, "") if line.person_id is not None else "Several people"
    return {
        "id": line.id,
        "label": line.kind.label,
        "opened_at": line.opened_at,
        "who": None if others else whose,
        "summary": None if others else summary(line),
        "others": others or barred,
        "state": state(line.kind, line.outcome),
        "points": None if others else line.points,
        "decided_at": line.decided_at,
        "decided_by": names.get(line.decided_by) if line.decided_by is not None else None,
    }


def _number(text: str) -> int:
    plain = text.isascii() and text.isdecimal() and len(text) < 20
    return min(int(text), _MOST_ID) if plain else 0
