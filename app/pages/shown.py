"""`/admin/shown`: whether people may stand on boards, or, as agreed with a works council, teams only.

Law: every change has a reason that stays on record, and holds at once everywhere.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.guards import has_role, viewer_of
from app.council import LEAST_SUGGESTED, MOST_LEAST, Council, agree, agreed, current_council
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from scoring import LEAST_SIZE

GUARDS: Final = [has_role("administrator")]
CHOICES: Final = (
    (
        "people",
        "People, as each of them chose",
        "Names, aliases and hidden people, as each said on their own page.",
    ),
    (
        "teams",
        "Teams only",
        "For works councils: nobody stands beside a figure or a rank, but for oneself.",
    ),
)


@get("/admin/shown", guards=GUARDS)
async def shown_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """What holds, and what held before with its reasons."""
    return await _page(request, None)


@post("/admin/shown", guards=GUARDS)
async def change_shown(request: Request[Any, Any, Any]) -> Response[Any]:
    """Let something else hold from now on."""
    form = await Form.of(request)
    shown = form.choice("shown", [name for name, _, _ in CHOICES], ask="Choose one of the two.")
    least = form.value("least").strip()
    size = int(least) if least.isascii() and least.isdecimal() and len(least) < 4 else 0
    if not LEAST_SIZE <= size <= MOST_LEAST:
        form.wrong("least", f"Type a number from {LEAST_SIZE} to {MOST_LEAST}.")
    reason = form.text("reason", ask="Say why, such as the agreement and its date.", most=300)
    if not form.fine:
        return await _page(request, form, status=422)
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        council = Council(shown == "teams", size)
        await agree(connection, council, reason=reason, person_id=person_id, now=now)
    return back("/admin/shown", Said.SHOWN_CHANGED)


async def _page(
    request: Request[Any, Any, Any], form: Form | None, status: int = 200
) -> Response[Any]:
    async with transaction(readonly=True) as connection:
        council = await current_council(connection)
        past = await agreed(connection)
        people = [one.person_id for one in past if one.person_id is not None]
        names = await connection.fetch(
            "select person_id, name from profile where person_id = any($1::bigint[])", people
        )
    form = form or Form(
        {
            "shown": "teams" if council.teams_only else "people",
            "least": str(council.least_size if past else LEAST_SUGGESTED),
        }
    )
    context = {
        "form": form,
        "council": council,
        "past": past,
        "names": {row["person_id"]: row["name"] for row in names},
        "choices": CHOICES,
    }
    return page(request, "admin/shown.html", context, status=status)


HANDLERS: Final = (shown_page, change_shown)
