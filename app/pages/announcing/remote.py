"""`/leader/announcements/{slug}/remote`: what is on the screens, what comes next, and the button.

Laws: a doubled tap is one step, for the form says to which step it leads; without a script it works
the same; what the screens show is said from the same frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.announcing.frame import frame
from app.announcing.frames import material
from app.auth.guards import viewer_of
from app.database import Connection, transaction
from app.live.screens import SCREENS
from app.pages.announcing.found import LEADERS, home, newest_at
from app.pages.announcing.reach import reach
from app.pages.announcing.steps import StepWords, step_words
from app.pages.announcing.telling import tell_screens
from app.pages.contests.countdown import left
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.live import live_stream
from rewards import (
    Announcement,
    Contest,
    Refused,
    announcements,
    contest_by_slug,
    take_step,
)

# How often the page looks by itself: steps of the clock come without a signal.
EVERY_S: Final = {"before": 10, "on": 2, "telling": 1, "told": 60}

_SOON: Final = timedelta(minutes=10)

State = Literal["before", "on", "telling", "told"]


@dataclass(frozen=True, slots=True)
class Remote:
    """What the phone shows."""

    state: State
    stepped: bool
    starts_at: datetime
    left: str
    step: int  # from 1
    steps: int
    now: StepWords | None
    then: StepWords | None
    to_next: int  # as `take_step` counts, from 0
    to_back: int | None
    waiting: str | None  # the contest whose reveal waits for the end of this one
    lasts: bool  # whether the step after this one is the end


@get("/leader/announcements/{slug:str}/remote", guards=[LEADERS])
async def remote(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Where the reveal is."""
    return await remote_answer(request, slug)


@post("/leader/announcements/{slug:str}/remote", guards=[LEADERS])
async def step(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """One step on or back."""
    form, now = await Form.of(request), datetime.now(UTC)
    to = form.value("to")
    if not (to.isascii() and to.isdigit() and len(to) < 6):
        return await remote_answer(request, slug, refused="That is no step.", status=422)
    try:
        async with transaction() as connection:
            contest, announcement = await newest_at(connection, slug)
            await take_step(
                connection, announcement.id, to=int(to), by=viewer_of(request).person_id, now=now
            )
    except Refused as refused:
        return await remote_answer(request, slug, refused=str(refused), status=409)
    await tell_screens(request, contest.id, now)
    return back(home(slug, "remote"))


async def remote_answer(
    request: Request[Any, Any, Any], slug: str, *, refused: str | None = None, status: int = 200
) -> Response[Any]:
    """The page, with what could not be done."""
    state, now = request.app.state, datetime.now(UTC)
    async with state.pool.acquire() as connection:
        contest, announcement = await newest_at(connection, slug)
        shown = await remote_of(
            connection, contest, announcement, now, state.settings.require_secret_key()
        )
        heard = await reach(connection, contest.id)
    context = {
        "slug": slug,
        "name": contest.charter.name,
        "line": announcement.line,
        "remote": shown,
        "screens": heard.screens_in_words,
        "refused": refused,
        "now": now,
        "as_of": f"{now.astimezone(state.settings.timezone):%H:%M:%S}",
        "every_s": EVERY_S[shown.state],
        "live_url": live_stream(request, SCREENS),
    }
    return page(request, "announcing/remote.html", context, status=status)


async def remote_of(
    connection: Connection, contest: Contest, announcement: Announcement, now: datetime, secret: str
) -> Remote:
    """What the phone shows at a moment."""
    position = announcement.position(now)
    steps = announcement.plan.steps
    at = position.step
    made = await material(connection, announcement, now=now, secret=secret)

    def words(number: int) -> StepWords | None:
        if not 0 <= number < len(steps):
            return None
        return step_words(frame(announcement, number, made, "staff"), contest.charter)

    state: State = "on"
    if announcement.finished_at is not None:
        state = "told"
    elif position.over:
        state = "telling"
    elif at is None:
        state = "before"
    return Remote(
        state=state,
        stepped=announcement.manner == "stepped",
        starts_at=announcement.begins_at,
        left=left(announcement.begins_at - now),
        step=(at or 0) + 1,
        steps=len(steps),
        now=None if at is None else words(at),
        then=words(0 if at is None else at + 1),
        to_next=0 if at is None else at + 1,
        to_back=at - 1 if at else None,
        waiting=await _waiting(connection, announcement, now) if at is not None else None,
        lasts=at is not None and at + 1 >= len(steps),
    )


async def _waiting(connection: Connection, on: Announcement, now: datetime) -> str | None:
    """The name of the contest that was to be announced by now, or within minutes, and has to wait."""
    for other in reversed(await announcements(connection, finished=False)):
        if other.id != on.id and other.waits_until and other.starts_at <= now + _SOON:
            return (await contest_by_slug(connection, other.slug)).charter.name
    return None


HANDLERS: Final = (remote, step)
