"""`/leader/announcements/{slug}/call-off`: take an announcement back before everybody was told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import viewer_of
from app.database import transaction
from app.pages.announcing.found import LEADERS, home, newest_at
from app.pages.announcing.telling import tell_screens
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import Refused, call_off


@get("/leader/announcements/{slug:str}/call-off", guards=[LEADERS])
async def ask(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """What it means, and the yes to it."""
    return await show(request, slug, Form())


@post("/leader/announcements/{slug:str}/call-off", guards=[LEADERS])
async def do(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Call it off; the screens go on with what they play."""
    form, now = await Form.of(request), datetime.now(UTC)
    if not form.ticked("sure"):
        form.wrong("sure", "Tick this to say that you mean it.")
        return await show(request, slug, form, status=422)
    try:
        async with transaction() as connection:
            contest, announcement = await newest_at(connection, slug)
            await call_off(connection, announcement.id, by=viewer_of(request).person_id, now=now)
    except Refused as refused:
        return await show(request, slug, form, refused=str(refused), status=409)
    await tell_screens(request, contest.id, now)
    return back(home(slug), Said.ANNOUNCEMENT_CALLED_OFF)


async def show(
    request: Request[Any, Any, Any],
    slug: str,
    form: Form,
    *,
    refused: str | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page, with what could not be done."""
    now = datetime.now(UTC)
    async with request.app.state.pool.acquire() as connection:
        contest, announcement = await newest_at(connection, slug)
    context = {
        "slug": slug,
        "name": contest.charter.name,
        "begun": now >= announcement.begins_at,
        "starts_at": announcement.begins_at,
        "form": form,
        "refused": refused,
    }
    return page(request, "announcing/call_off.html", context, status=status)


HANDLERS: Final = (ask, do)
