"""`/hr/delegations`: above how much two people approve, and who decides for somebody who is away.

Law: who is asked to decide for another never may what that other could not.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import has_role, signed_in, viewer_of
from app.database import Connection, transaction
from app.pages.approvals.acting import names_of
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import (
    Amount,
    Refused,
    delegate,
    delegations,
    end_delegation,
    in_words,
    limits,
    set_limit,
    typed,
)

HERE = "/hr/delegations"


@get(HERE, guards=[signed_in])
async def deciders(request: Request[Any, Any, Any]) -> Response[Any]:
    """Limits, and the delegations of the person who looks."""
    return await _show(request, Form())


@post(HERE, guards=[has_role("hr")])
async def ask_somebody(request: Request[Any, Any, Any]) -> Response[Any]:
    """Ask somebody to decide in one's place from a day to another, that day included."""
    by, now, form = viewer_of(request).person_id, datetime.now(UTC), await Form.of(request)
    zone: ZoneInfo = request.app.state.settings.timezone
    starts, ends = _day(form, "starts_on"), _day(form, "ends_on")
    async with transaction() as connection:
        other = await _person(connection, form)
        if form.fine and starts and ends and other:
            try:
                await delegate(
                    connection, by, other, _begins(starts, zone),
                    _begins(ends + timedelta(days=1), zone), now=now,
                )  # fmt: skip
            except Refused as refused:
                form.wrong(refused.field or "to", str(refused))
    return back(HERE, Said.DELEGATED) if form.fine else await _show(request, form, status=422)


@post("/hr/delegations/{delegation_id:int}/end", guards=[signed_in])
async def end(request: Request[Any, Any, Any], delegation_id: FromPath[int]) -> Response[Any]:
    """End a delegation at once."""
    by, now, form = viewer_of(request).person_id, datetime.now(UTC), Form()
    try:
        async with transaction() as connection:
            await end_delegation(connection, delegation_id % 2**63, by=by, now=now)
    except Refused as refused:
        form.wrong("delegations", str(refused))
        return await _show(request, form, status=422)
    return back(HERE, Said.DELEGATION_ENDED)


@post("/hr/delegations/limits", guards=[has_role("hr")])
async def limit(request: Request[Any, Any, Any]) -> Response[Any]:
    """Say above how much two people approve; `none` names a kind that one person approves."""
    by, now, form = viewer_of(request).person_id, datetime.now(UTC), await Form.of(request)
    try:
        if form.value("none"):
            amount, units = typed(form.value("none"), field="limit"), None
        else:
            amount = typed(form.value("limit"), field="limit")
            units = amount.units
        async with transaction() as connection:
            await set_limit(
                connection, kind=amount.kind.value, currency=amount.currency, units=units,
                by=by, now=now,
            )  # fmt: skip
    except Refused as refused:
        form.wrong("limit", str(refused))
        return await _show(request, form, status=422)
    return back(HERE, Said.LIMIT_SET)


async def _show(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    viewer, now = viewer_of(request), datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        found = await delegations(connection, viewer.person_id)
        names = await names_of(
            connection, {who for one in found for who in (one.from_person, one.to_person)}
        )
        in_force = await limits(connection)
    context = {
        "form": form,
        "is_hr": viewer.may("hr"),
        "limits": [
            (in_words(Amount(one.units, one.currency)), one.since)
            for one in in_force
            if one.units is not None
        ],
        "given": [(one, names[one.to_person]) for one in found
                  if one.from_person == viewer.person_id and _matters(one.ends_at, one.ended_at, now)],
        "got": [(one, names[one.from_person], one.holds_at(now)) for one in found
                if one.to_person == viewer.person_id and _matters(one.ends_at, one.ended_at, now)],
        "last_day": lambda at: (at - timedelta(microseconds=1)),
    }  # fmt: skip
    return page(request, "approvals/deciders.html", context, status=status)


def _matters(ends_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    return ended_at is None and now < ends_at


def _begins(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), tzinfo=zone).astimezone(UTC)


def _day(form: Form, name: str) -> date | None:
    try:
        on = date.fromisoformat(form.value(name))
    except ValueError:
        on = date.min
    if 2000 <= on.year < 2200:
        return on
    form.wrong(name, "Choose a day.")
    return None


async def _person(connection: Connection, form: Form) -> int | None:
    email = form.text("to", ask="Write the e-mail address of a colleague.", most=320)
    if form.error("to") is not None:
        return None
    found: int | None = await connection.fetchval(
        "select person_id from profile where lower(email) = lower($1)", email
    )
    if found is None:
        form.wrong("to", "Nobody here has this e-mail address.")
    return found
