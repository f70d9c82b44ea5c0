"""Adopting a draft that was run: from a moment on, or as a correction of the past.

Laws: nothing is adopted that was not seen first; rules for the future never begin in the past; a
correction has a reason on record and is adopted by somebody whose own points it leaves alone, by a
run of the last hour that no other rules have overtaken.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from litestar import Request, Response, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.rulebooks.trying import found, moment, show
from app.pages.said import Said
from app.what_ifs import Job
from scoring import adopt_rulebook, record_audit

FURTHEST: Final = timedelta(days=400)
FRESH: Final = timedelta(hours=1)  # what happened since a run may have changed one's own points
OVERTAKEN: Final = (
    "Other rules were adopted since this was run. Run it again and see what it changes now."
)
ADOPTING: Final = 0x61_64_6F_70_74  # "adopt": two clicks are one after the other


@post("/hr/rules/try/{key:str}/adopt", guards=[has_role("hr")], status_code=200)
async def adopt(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[Any]:
    """Adopt the draft; what is missing stands beside its field."""
    this, form, now = await found(request, key), await Form.of(request), datetime.now(UTC)
    if this.state != "done":
        return back(f"/hr/rules/try/{key}")
    name = form.text("name", ask="Give this version a name.", most=80)
    reason = ""
    if this.asked.since_at is not None:
        valid_from: datetime | None = this.asked.since_at
        reason = form.text("reason", ask="Say why the past is corrected.", most=500)
        _not_about_oneself(form, this, viewer_of(request).person_id)
        if form.fine and now - this.asked.end_at > FRESH:
            form.wrong("reason", "This was run more than an hour ago. Run it again and adopt that.")
    else:
        zone = request.app.state.settings.timezone
        valid_from = moment(form.value("on"), form.value("at"), zone)
        if valid_from is None:
            form.wrong("on", "Choose a day and an hour.")
        elif valid_from <= now:
            form.wrong("on", "Choose a moment to come: what is past is corrected below.")
        elif valid_from > now + FURTHEST:
            form.wrong("on", "Choose a moment within the next 400 days.")
    if valid_from is None or not form.fine:
        return await show(request, key, this, form, status=422)
    by = viewer_of(request).person_id
    async with transaction() as connection:
        adopted = await _record(connection, this, name, valid_from, reason, by, now)
    if not adopted:
        form.wrong("reason", OVERTAKEN)
        return await show(request, key, this, form, status=422)
    said = Said.RULES_ADOPTED if this.asked.since_at is None else Said.RULES_CORRECTED
    return back("/hr/rules", said)


def _not_about_oneself(form: Form, this: Job, by: int) -> None:
    if this.asked.by != by:
        form.wrong("reason", "Somebody else looked at this. Run it again yourself first.")
    elif this.own_changes:
        form.wrong(
            "reason",
            "This correction would change your own points, so somebody else of HR decides about it.",
        )


async def _record(
    connection: Connection,
    this: Job,
    name: str,
    valid_from: datetime,
    reason: str,
    by: int,
    now: datetime,
) -> bool:
    """Append the version and the line of the audit; a second click finds its own and adds nothing.

    Returns False where a correction was run before other rules came: it was seen as it is no more.
    """
    await connection.execute("select pg_advisory_xact_lock($1)", ADOPTING)
    last = await connection.fetchrow(
        "select toml, valid_from, recorded_at from rulebook order by recorded_at desc, id desc limit 1"
    )
    if last is not None and (last["toml"], last["valid_from"]) == (this.asked.toml, valid_from):
        return True
    if reason and last is not None and last["recorded_at"] > this.asked.end_at:
        return False
    id = await adopt_rulebook(
        connection,
        this.asked.toml,
        name=name,
        valid_from=valid_from,
        recorded_at=now,
        person_id=by,
    )
    detail = {"valid_from": valid_from.isoformat(), "begun_from": this.asked.begun_from}
    action = "rulebook_corrected" if reason else "rulebook_adopted"
    if reason:
        detail["reason"] = reason
    await record_audit(connection, by, action, f"rulebook:{id}", detail, now)
    return True


HANDLERS: Final = (adopt,)
