"""One tap for a colleague who won; another takes it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.database import transaction
from app.pages.announcing.found import finished_at
from app.pages.announcing.past import cursor, one_answer
from app.pages.form import Form
from app.pages.fragment import back
from rewards import Refused, awards_of_announcement, congratulate


@post("/announcements/{slug:str}/congratulate/{award_id:int}", guards=[signed_in])
async def tap(
    request: Request[Any, Any, Any], slug: FromPath[str], award_id: FromPath[int]
) -> Response[Any]:
    """Congratulate, or no longer; twice is once."""
    form, now = await Form.of(request), datetime.now(UTC)
    try:
        async with transaction() as connection:
            _, announcement = await finished_at(connection, slug)
            if award_id not in await awards_of_announcement(connection, announcement):
                raise NotFoundException("There is no such winner.")
            await congratulate(
                connection, award_id, by=viewer_of(request).person_id,
                given=form.value("given") != "no", now=now,
            )  # fmt: skip
    except Refused as refused:
        form.wrong(f"award-{award_id}", str(refused))
        return await one_answer(request, slug, form=form, status=422)
    page = f"/announcements/{slug}"
    if form.value("among") == "all":
        before = cursor(form.value("before"))
        page = "/announcements" if before is None else f"/announcements?before={before}"
    return back(f"{page}#award-{award_id}")


HANDLERS: Final = (tap,)
