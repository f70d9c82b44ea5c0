"""Answering a case.

Law: a form sent twice is one answer, and what is wrong with it stands beside its field.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final, cast

from litestar import Request, Response, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.cases.one import show
from app.pages.cases.queue import HERE
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.said import Said
from rewards import Answer, Refused, answer_case
from scoring import MOST_ANSWERED

ANSWERS: Final = ("released", "granted", "upheld")
MOST_ID: Final = 2**63 - 1  # an address may say any number
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,9}")
_MINUS: Final = str.maketrans({"−": "-", "–": "-", ",": None, " ": None})


@post("/hr/cases/{case_id:int}", guards=[has_role("hr")])
async def answer(request: Request[Any, Any, Any], case_id: FromPath[int]) -> Response[Any]:
    """Release, grant, or leave as it is; with words for whom it is about."""
    by, now, form = viewer_of(request).person_id, datetime.now(UTC), await Form.of(request)
    chosen = cast(Answer, form.choice("answer", ANSWERS, ask="Choose an answer."))
    points = _points(form) if chosen == "granted" else 0
    reason = form.text("reason", ask="Write a sentence for whom it is about.", most=MOST_ANSWERED)
    if form.fine:
        try:
            async with transaction() as connection:
                await answer_case(
                    connection, min(case_id, MOST_ID), by=by, answer=chosen, points=points, reason=reason,
                    now=now, zone=request.app.state.settings.timezone,
                )  # fmt: skip
        except Refused as refused:
            form.wrong(refused.field or "answer", str(refused))
    if form.fine:
        return back(HERE, Said.CASE_ANSWERED)
    return await show(request, case_id, form, status=422)


def _points(form: Form) -> int:
    typed = form.value("points").strip().translate(_MINUS)
    if _WHOLE.fullmatch(typed) is None:
        form.wrong("points", "Write how many points, such as 5, or -5 where there were too many.")
        return 0
    return int(typed)
