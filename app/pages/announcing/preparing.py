"""`/leader/announcements/{slug}`: look at what would be shown, write a line, say when.

Laws: nothing typed is lost; nothing begins without the yes to what is said to happen; asked for twice
it is one announcement.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.announcing.frames import material
from app.auth.guards import viewer_of
from app.database import transaction
from app.pages.announcing.ahead import steps_ahead
from app.pages.announcing.found import LEADERS, home, newest, published_at
from app.pages.announcing.lines import winner_groups
from app.pages.announcing.reach import reach
from app.pages.announcing.rehearsal import rehearsals
from app.pages.announcing.telling import tell_screens
from app.pages.contest_editor.when import moment
from app.pages.contests.countdown import left
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import MOST_LINE, Manner, Refused, plan_announcement, prepare

WAYS: Final[dict[str, tuple[Manner, str, str]]] = {
    "now": ("timed", "Now", "The screens begin at once and go on by themselves."),
    "at": ("timed", "At a time", "The screens begin by themselves, nobody need be there."),
    "stepped": (
        "stepped",
        "Step by step",
        "It opens at once; your phone is the remote, and you say when each place comes.",
    ),
}


@get("/leader/announcements/{slug:str}", guards=[LEADERS])
async def preparing(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """What would be shown, and the form."""
    return await prepare_answer(request, slug)


@post("/leader/announcements/{slug:str}", guards=[LEADERS])
async def plan_it(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Begin it, or plan it for a time."""
    form, now = await Form.of(request), datetime.now(UTC)
    line, manner, starts_at = read(form, request.app.state.settings.timezone, now)
    if not form.fine:
        return await prepare_answer(request, slug, form=form, status=422)
    try:
        async with transaction() as connection:
            contest = await published_at(connection, slug)
            await plan_announcement(
                connection, contest.id, by=viewer_of(request).person_id, line=line, manner=manner,
                starts_at=starts_at, now=now,
            )  # fmt: skip
    except Refused as refused:
        field = {"line": "line", "starts_at": "start_on"}.get(refused.field or "")
        if field is None or (field == "start_on" and form.value("way") != "at"):
            return await prepare_answer(request, slug, form=form, refused=str(refused), status=409)
        form.wrong(field, str(refused))
        return await prepare_answer(request, slug, form=form, status=422)
    await tell_screens(request, contest.id, now)
    # What is on says so itself, and a sentence over the remote would be in the way.
    return back(home(slug, "remote"), Said.ANNOUNCEMENT_PLANNED if starts_at else None)


def read(form: Form, zone: ZoneInfo, now: datetime) -> tuple[str, Manner, datetime | None]:
    """Line, manner and moment as typed; what is wrong is said beside its field."""
    length = len(" ".join(form.value("line").split()))
    if length > MOST_LINE:
        form.wrong("line", f"Use at most {MOST_LINE} characters; these are {length:,}.")
    way = form.choice("way", WAYS, ask="Choose when it begins.")
    starts_at = None
    if way == "at":
        typed = {name: form.value(name) for name in ("start_on", "start_time")}
        starts_at = moment(typed, "start", zone)
        if starts_at is None:
            form.wrong("start_on", "Give both, a day and a time.")
        elif starts_at <= now:
            form.wrong("start_on", "This moment is over; choose a later one.")
    if not form.ticked("sure"):
        form.wrong("sure", "Tick this to say that you mean it.")
    return form.value("line"), WAYS[way][0] if way in WAYS else "timed", starts_at


async def prepare_answer(
    request: Request[Any, Any, Any],
    slug: str,
    *,
    form: Form | None = None,
    rehearsal_form: Form | None = None,
    refused: str | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page, with what was wrong; one that is announced already has its remote or its own page."""
    settings, now = request.app.state.settings, datetime.now(UTC)
    zone: ZoneInfo = settings.timezone
    async with request.app.state.pool.acquire() as connection:
        contest = await published_at(connection, slug)
        before = await newest(connection, contest)
        if before is not None:
            return back(
                home(slug, "remote") if before.finished_at is None else f"/announcements/{slug}"
            )
        ready = await prepare(connection, contest.id, now)
        context: dict[str, Any] = {"groups": [], "steps": [], "reach": None}
        if ready.ready:
            secret = settings.require_secret_key()
            made = await material(connection, ready, now=now, secret=secret)
            context = {
                "groups": winner_groups(ready.plan, made),
                "steps": steps_ahead(ready, made, now),
                "reach": await reach(connection, contest.id),
            }
        rehearsing = await rehearsals(connection, request.app.state.redis, contest.id, now)
    soon = (now + timedelta(hours=1)).astimezone(zone)
    usual = Form({"start_on": soon.date().isoformat(), "start_time": f"{soon:%H:00}"})
    context |= {
        "slug": slug,
        "name": contest.charter.name,
        "private": contest.charter.tell_privately,
        "why_not": None if ready.ready else ready.why_not,
        "length": left(timedelta(seconds=ready.length_s)) if ready.ready else "",
        "form": form or usual,
        "ways": [(key, words, hint) for key, (_, words, hint) in WAYS.items()],
        "longest": MOST_LINE,
        "zone": zone.key,
        "rehearsing": rehearsing,
        "rehearsal_form": rehearsal_form or Form({"names": "invented"}),
        "refused": refused,
    }
    return page(request, "announcing/prepare.html", context, status=status)


HANDLERS: Final = (preparing, plan_it)
