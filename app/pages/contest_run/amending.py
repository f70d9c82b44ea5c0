"""What an amendment adds, as typed: a later end, a contact, a further prize."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request

from app.database import Connection, transaction
from app.pages.contest_editor.choices import choices
from app.pages.contest_editor.context import context_of
from app.pages.contest_editor.when import moment
from app.pages.contest_run.found import contest_at
from app.pages.form import Form
from rewards import Change, Contest, read_further_prize

PRIZE: Final = tuple(
    f"prize_1_{name}"
    for name in (
        "for", "from", "to", "reach", "at_most", "what", "or", "kind", "among", "budget", "budget_2",
    )
)  # fmt: skip


async def read_change(
    request: Request[Any, Any, Any], slug: str, form: Form, text: str, now: datetime
) -> Change | None:
    """The change that was typed; what is wrong is said beside its field. None for a draft."""
    async with transaction(readonly=True) as connection:
        contest = await contest_at(connection, slug)
        if contest.published is None:
            return None
        context = await context_of(request, connection, contest.id, now)
    terms = contest.charter
    end_at = read_end(form, ZoneInfo(terms.zone))
    typed = {name: form.value(name) for name in PRIZE}
    prizes, errors = read_further_prize(typed, context, terms, end_at)
    for name, words in errors.items():
        form.wrong(name, words)
    return Change(text, end_at=end_at, prizes=prizes, contact=form.optional("contact") or None)


def read_end(form: Form, zone: ZoneInfo) -> datetime | None:
    """The new end in the time of the contest; None where it stays."""
    if not (form.value("end_on") or form.value("end_time")):
        return None
    end_at = moment({name: form.value(name) for name in ("end_on", "end_time")}, "end", zone)
    if end_at is None:
        form.wrong("end_on", "Give both, a day and a time.")
    return end_at


async def further_prize(
    request: Request[Any, Any, Any], connection: Connection, contest: Contest
) -> dict[str, Any]:
    """What the form of a further prize offers."""
    context = await context_of(request, connection, contest.id, datetime.now(UTC))
    return {"choices": choices(context)}
