"""`/hr/approvals`: what waits for somebody's decision: awards, dates of vacation days, days of leavers.

Laws: many awards are approved at once only where their evidence was opened; who may not decide one
sees why; nobody of HR reads here of an award of their own before they are told of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.database import transaction
from app.pages.approvals.acting import acting, names_of
from app.pages.approvals.lines import STATES, groups, won_by
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import (
    AwardState,
    approve_all,
    awards,
    awards_to_settle,
    awards_with_wishes,
)

HERE = "/hr/approvals"
SHOWN = 40  # decided awards, the newest


@get(HERE)
async def queue(request: Request[Any, Any, Any]) -> Response[Any]:
    """Everything that waits."""
    return await show(request, Form())


@post("/hr/approvals/contest/{contest_id:int}/approve")
async def approve_many(request: Request[Any, Any, Any], contest_id: FromPath[int]) -> Response[Any]:
    """Approve all awards of a contest whose evidence was opened."""
    now, form = datetime.now(UTC), await Form.of(request)
    async with transaction() as connection:
        who = await acting(connection, request, now)
        done = await approve_all(
            connection, contest_id % 2**63, by=who.person_id, for_person=acts_for(form), now=now
        )
    if not done.approved:
        form.wrong(
            f"contest-{contest_id}", "Nothing was approved: open the evidence of each first."
        )
        return await show(request, form, status=422)
    return back(HERE, Said.AWARDS_APPROVED)


async def show(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    """The page, with what was wrong with a form on it."""
    now = datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        who = await acting(connection, request, now)
        waiting = await awards(connection, state=AwardState.PROPOSED)
        wishes = await awards_with_wishes(connection) if who.is_hr else []
        leavers = await awards_to_settle(connection) if who.is_hr else []
        ids = await connection.fetch(
            """select award_id from award_event where kind in ('approved', 'refused')
               group by award_id order by max(id) desc limit $1""",
            SHOWN,
        )
        decided = await awards(connection, ids=[row["award_id"] for row in ids])
        waiting = [view for view in waiting if not view.kept_from(who.person_id)]
        names = await names_of(
            connection, {view.person_id for view in (*waiting, *wishes, *leavers, *decided)}
        )
    decided = [
        view
        for view in reversed(decided)
        if view.state is not AwardState.PROPOSED and not view.kept_from(who.person_id)
    ]
    context = {
        "form": form,
        "acting": who,
        "groups": groups(waiting, names, who),
        "wishes": [
            (view, wish, names[view.person_id], view.person_id == who.person_id)
            for view in wishes
            for wish in view.dates
            if wish.state == "wished" and not view.left
        ],
        "leavers": [(view, names[view.person_id]) for view in leavers],
        "decided": [(view, names[view.person_id], STATES[view.state]) for view in decided],
        "won_by": won_by,
    }
    return page(request, "approvals/queue.html", context, status=status)


def acts_for(form: Form) -> int | None:
    """In whose place something is decided, as the form says; None: for oneself."""
    value = form.value("for")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None
