"""`/hr/rules/try/{key}`: a draft run over the past, how far it is, and what it would change.

Laws: what is shown counts people and names nobody; nothing holds because it was run.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.council import Whose, current_council, may_show
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.rulebooks.examples import LEAST
from app.pages.rulebooks.stretches import Stretch
from app.pages.rulebooks.unsaid import is_few, unsaid
from app.what_ifs import Asked, Job, TooManyWaiting, ask, job
from scoring import RuleWarning, as_if_always, load_books, rule_warnings

FURTHEST: Final = timedelta(days=400)  # further back lie other years, other people, other contests


@get("/hr/rules/try/{key:str}", guards=[has_role("hr")])
async def tried(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[Any]:
    """How far the draft is, or what came of it."""
    return await show(request, key, await found(request, key), Form())


@post("/hr/rules/try/{key:str}/correct", guards=[has_role("hr")], status_code=200)
async def correct(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[Any]:
    """Run the same draft as a correction from a moment in the past on."""
    this, form = await found(request, key), await Form.of(request)
    now, zone = datetime.now(UTC), request.app.state.settings.timezone
    since_at = midnight(form.value("since"), zone)
    if since_at is None or since_at >= now:
        form.wrong("since", "Choose a day that has begun; from today on, adopt it instead.")
    elif since_at < now - FURTHEST:
        form.wrong("since", "A correction reaches back 400 days at most.")
    if since_at is None or not form.fine:
        return await show(request, key, this, form, status=422)
    local = since_at.astimezone(zone)
    words = f"everything since {local.day} {local:%B %Y}"
    return await asked(
        request,
        Asked(
            this.asked.toml, this.asked.begun_from, words, since_at, now,
            viewer_of(request).person_id, since_at,
        ),
    )  # fmt: skip


@post("/hr/rules/try/{key:str}/again", guards=[has_role("hr")], status_code=200)
async def again(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[Any]:
    """Run the same draft once more, asked for by who asks now."""
    this = (await found(request, key)).asked
    end_at = datetime.now(UTC) if this.since_at else this.end_at
    by = viewer_of(request).person_id
    return await asked(
        request,
        Asked(
            this.toml, this.begun_from, this.over, this.start_at, end_at, by, this.since_at,
            this.contest,
        ),
    )  # fmt: skip


async def try_it(
    request: Request[Any, Any, Any], toml: str, begun_from: str, over: Stretch
) -> Response[Any]:
    """Ask for a draft to be run over a stretch and go and look at it."""
    by = viewer_of(request).person_id
    what = Asked(toml, begun_from, over.words, over.start_at, over.end_at, by, contest=over.contest)
    return await asked(request, what)


async def asked(request: Request[Any, Any, Any], what: Asked) -> Response[Any]:
    """Put a draft into the queue; the answer leads to its page."""
    try:
        key = await ask(request.app.state.redis, what)
    except TooManyWaiting:
        raise HTTPException(
            "Many drafts wait to be run already. Try again in a minute.", status_code=503
        ) from None
    leading: Any = back(f"/hr/rules/try/{key}")
    return leading  # type: ignore[no-any-return]


async def found(request: Request[Any, Any, Any], key: str) -> Job:
    """A draft's job; one that is gone is a page that is not there."""
    this = await job(request.app.state.redis, key)
    if this is None:
        raise NotFoundException("This draft is gone: drafts are kept for a day.")
    return this


async def show(
    request: Request[Any, Any, Any], key: str, this: Job, form: Form, *, status: int = 200
) -> Response[Any]:
    """The page; while the draft runs, the part that htmx asks for again."""
    now, zone = datetime.now(UTC), request.app.state.settings.timezone
    result = this.result
    rules = result.rules if result is not None else ()
    async with transaction(readonly=True) as connection:
        council = await current_council(connection)
    agreed = LEAST if may_show(council, Whose.COLLEAGUE) else council.least_size
    least = max(LEAST, agreed)
    monday = next_monday(now, zone)
    blank = {
        "name": f"Rules from {monday.day} {monday:%B %Y}" if this.asked.since_at is None else "",
        "on": monday.isoformat(),
        "at": "00:00",
        "since": now.astimezone(zone).date().replace(day=1).isoformat(),
    }
    planned: list[dict[str, Any]] = []
    if this.state == "done":
        async with transaction(readonly=True) as connection:
            coming = (await load_books(connection, zone)).coming(now)
        planned = [{"name": book.name, "since": book.valid_from} for book in coming]
    context = {
        "key": key,
        "planned": planned,
        "job": this,
        "asked": this.asked,
        "working": this.state in ("waiting", "running") and not this.silent(now),
        "silent": this.silent(now),
        "result": result,
        "least": least,
        "few": result is not None and is_few(result, least),
        "unsaid_now": unsaid({one.name: one.people_now for one in rules}, least),
        "unsaid_then": unsaid({one.name: one.people_then for one in rules}, least),
        "contest": this.contest,
        "few_entrants": this.contest is not None and is_few(this.contest, least),
        "warnings": odd(this.asked.toml, zone) if this.state == "done" else [],
        "form": form if form.value("sent") else Form(blank),
        "mine": this.asked.by == viewer_of(request).person_id,
        "zone": zone.key,
    }
    return page(request, "rulebooks/try.html", context, status=status)


def odd(toml: str, zone: ZoneInfo) -> list[tuple[str, RuleWarning]]:
    """What is odd about the draft, each with what its rule is called on pages."""
    rules = as_if_always(toml, zone).versions[0].rules
    return [(rules[one.rule].label, one) for one in rule_warnings(toml) if one.rule in rules]


def midnight(typed: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day as typed, in UTC; None for what is no day."""
    return moment(typed, "00:00", zone)


def moment(day: str, hour: str, zone: ZoneInfo) -> datetime | None:
    """A day and an hour as typed, in UTC; None for what is no moment."""
    try:
        typed = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour))
        return typed.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def next_monday(now: datetime, zone: ZoneInfo) -> date:
    """The Monday after today in the company's calendar: weeks begin whole under new rules."""
    today = now.astimezone(zone).date()
    return today + timedelta(days=7 - today.weekday())


HANDLERS: Final = (tried, correct, again)
