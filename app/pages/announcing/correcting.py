"""`/leader/announcements/{slug}/correct`: say aloud what was announced wrongly."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import viewer_of
from app.database import transaction
from app.pages.announcing.found import LEADERS, newest_at
from app.pages.announcing.reach import reach
from app.pages.announcing.telling import tell_screens
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import MOST_CORRECTION, Refused, correct


@get("/leader/announcements/{slug:str}/correct", guards=[LEADERS])
async def ask(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """The form, with what was corrected before."""
    return await show(request, slug, Form())


@post("/leader/announcements/{slug:str}/correct", guards=[LEADERS])
async def do(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Say it."""
    form, now = await Form.of(request), datetime.now(UTC)
    length = len(" ".join(form.value("words").split()))
    if length > MOST_CORRECTION:
        form.wrong("words", f"Use at most {MOST_CORRECTION} characters; these are {length:,}.")
    elif not length:
        form.wrong("words", "Say what was wrong, and what is right.")
    if not form.ticked("sure"):
        form.wrong("sure", "Tick this to say that you mean it.")
    if not form.fine:
        return await show(request, slug, form, status=422)
    try:
        async with transaction() as connection:
            contest, announcement = await newest_at(connection, slug)
            await correct(
                connection,
                announcement.id,
                by=viewer_of(request).person_id,
                words=form.value("words"),
                now=now,
            )
    except Refused as refused:
        if refused.field is None:
            return await show(request, slug, form, refused=str(refused), status=409)
        form.wrong(refused.field, str(refused))
        return await show(request, slug, form, status=422)
    await tell_screens(request, contest.id, now)
    return back(f"/announcements/{slug}", Said.ANNOUNCEMENT_CORRECTED)


async def show(
    request: Request[Any, Any, Any],
    slug: str,
    form: Form,
    *,
    refused: str | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page with the form as it was typed."""
    async with request.app.state.pool.acquire() as connection:
        contest, announcement = await newest_at(connection, slug)
        heard = await reach(connection, contest.id)
    context = {
        "slug": slug,
        "name": contest.charter.name,
        "over": announcement.finished_at is not None,
        "corrections": announcement.corrections,
        "screens": heard.screens_in_words,
        "longest": MOST_CORRECTION,
        "form": form,
        "refused": refused,
    }
    return page(request, "announcing/correct.html", context, status=status)


HANDLERS: Final = (ask, do)
