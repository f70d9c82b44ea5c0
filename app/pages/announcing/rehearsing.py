"""`/leader/announcements/{slug}/rehearse`: the reveal on one screen, with invented names or the real ones.

Laws: invented names unless the real ones were asked for; whoever begins a rehearsal stands in the
audit, with the screen and which names.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import viewer_of
from app.database import transaction
from app.live.screens import screen_topic
from app.pages.announcing.found import LEADERS, home, published_at
from app.pages.announcing.preparing import prepare_answer
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.live import tell
from app.pages.said import Said
from app.screens.rehearsal import begin_rehearsal, end_rehearsal
from app.screens.screens import Screen, screens
from rewards import MOST_LINE, prepare
from scoring import REDIS_AWAY, record_audit

NAMES: Final = ("invented", "real")
NOT_REACHED: Final = "The screens can’t be reached at the moment. Try again in a minute."


@get("/leader/announcements/{slug:str}/rehearse", guards=[LEADERS])
async def look(slug: FromPath[str]) -> Response[Any]:
    """The form stands on the page before."""
    return back(home(slug))


@post("/leader/announcements/{slug:str}/rehearse", guards=[LEADERS])
async def begin(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Show the whole reveal on one screen."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    names = form.choice("names", NAMES, ask="Choose which names it shows.")
    async with transaction(readonly=True) as connection:
        contest = await published_at(connection, slug)
        ready = await prepare(connection, contest.id, now)
        screen = chosen(form, await screens(connection))
    if ready.why_not is not None:
        form.wrong("screen", ready.why_not)
    if screen is None or not form.fine:
        return await prepare_answer(request, slug, rehearsal_form=form, status=422)
    detail = {"screen": screen.id, "names": names}
    async with transaction() as connection:
        await record_audit(
            connection, by, "announcement_rehearsed", f"contest:{contest.id}", detail, now
        )
    try:
        await begin_rehearsal(
            request.app.state.redis,
            screen_id=screen.id,
            contest_id=contest.id,
            invented=names == "invented",
            lasts=timedelta(seconds=ready.length_s),
            now=now,
            line=" ".join(form.value("line").split())[:MOST_LINE],
        )
    except REDIS_AWAY:
        form.wrong("screen", NOT_REACHED)
        return await prepare_answer(request, slug, rehearsal_form=form, status=503)
    await tell(request, (screen_topic(screen.id),), now)
    return back(home(slug), Said.REHEARSAL_BEGUN)


@post("/leader/announcements/{slug:str}/rehearse/stop", guards=[LEADERS])
async def stop(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """End it; the screen goes on with what it plays."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        contest = await published_at(connection, slug)
        screen = chosen(form, await screens(connection))
        if screen is not None:
            await record_audit(
                connection, by, "announcement_rehearsal_ended", f"contest:{contest.id}",
                {"screen": screen.id}, now,
            )  # fmt: skip
    if screen is None:
        return await prepare_answer(request, slug, rehearsal_form=form, status=422)
    try:
        await end_rehearsal(request.app.state.redis, screen.id)
    except REDIS_AWAY:
        form.wrong("screen", NOT_REACHED)
        return await prepare_answer(request, slug, rehearsal_form=form, status=503)
    await tell(request, (screen_topic(screen.id),), now)
    return back(home(slug), Said.REHEARSAL_ENDED)


def chosen(form: Form, found: list[Screen]) -> Screen | None:
    """The screen that was chosen; None is said beside its field."""
    by_id = {str(screen.id): screen for screen in found}
    key = form.choice("screen", by_id, ask="Choose a screen.")
    return by_id.get(key)


HANDLERS: Final = (look, begin, stop)
