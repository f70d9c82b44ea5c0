"""Entering a contest by a click, and leaving it by another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.database import transaction
from app.pages.contests.one import contest_answer
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.said import Said
from rewards import NoSuchContest, Refused, contest, enter, leave_contest


@post("/contests/{slug:str}/enter", guards=[signed_in])
async def enter_contest(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Take part; twice is once."""
    return await _change(request, slug, entering=True)


@post("/contests/{slug:str}/leave", guards=[signed_in])
async def leave(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Take no part, or no longer."""
    return await _change(request, slug, entering=False)


async def _change(request: Request[Any, Any, Any], slug: str, *, entering: bool) -> Response[Any]:
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    try:
        async with transaction() as connection:
            view = await contest(connection, slug, now=now)
            verb = enter if entering else leave_contest
            await verb(connection, view.id, person_id, now=now)
    except NoSuchContest as unknown:
        raise NotFoundException(str(unknown)) from unknown
    except Refused as refused:
        form = Form()
        form.wrong("enter", str(refused))
        return await contest_answer(request, slug, form=form, status=422)
    return back(f"/contests/{slug}", Said.ENTERED if entering else Said.LEFT_CONTEST)


HANDLERS: Final = (enter_contest, leave)
