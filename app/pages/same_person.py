"""`/admin/people/{id}/same`: another record that turned out to be this person, and apart again.

Laws: what would change is shown before it is done; nobody decides about themselves; it can be undone. As
little is said as that takes: not who takes part, nor what anybody has.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.council import Whose, current_council, may_show
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.people import profile_of
from app.pages.said import Said
from rewards import one_entrant
from scoring import (
    SameForeseen,
    SameRefused,
    apart_again,
    foresee_same,
    records_of,
    said_of,
    same_person,
)

GUARDS: Final = [has_role("administrator")]
MOST_REASON: Final = 300
SURE: Final = "Please confirm that they are one person."


@get("/admin/people/{person_id:int}/same", guards=GUARDS)
async def other_records(request: Request[Any, Any, Any], person_id: FromPath[int]) -> Response[Any]:
    """The records that are this person's, and a form for another one."""
    return await _page(request, person_id, Form())


@post("/admin/people/{person_id:int}/same", guards=GUARDS)
async def join(request: Request[Any, Any, Any], person_id: FromPath[int]) -> Response[Any]:
    """Show what would change; with a tick, do it."""
    form = await Form.of(request)
    email = form.text("email", ask="Write the e-mail address of the other record.", most=200)
    reason = form.text("reason", ask="Say how you know; it is kept.", most=MOST_REASON)
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    zone = request.app.state.settings.timezone
    foreseen: SameForeseen | None = None
    record = None
    async with transaction() as connection:
        await profile_of(connection, person_id)
        record = await _record(connection, email) if form.fine else None
        if form.fine and record is None:
            form.wrong("email", "Nobody here has this e-mail address.")
        if form.fine and record is not None:
            try:
                foreseen = await foresee_same(
                    connection, record, person_id, by=by, now=now, zone=zone
                )
                if form.ticked("sure") and form.value("shown") == str(record):
                    await same_person(connection, record, person_id, by=by, reason=reason, now=now)
                    await one_entrant(connection, record, person_id, now=now)
                    return back(f"/admin/people/{person_id}/same", Said.ONE_PERSON)
            except SameRefused as refused:
                form.wrong("reason" if refused.field == "reason" else "email", str(refused))
    if foreseen is not None and form.value("shown") == str(record):
        form.wrong("sure", SURE)
    status = 200 if form.fine else 422
    return await _page(request, person_id, form, foreseen=foreseen, status=status)


@post("/admin/people/{person_id:int}/apart/{record_id:int}", guards=GUARDS)
async def part(
    request: Request[Any, Any, Any], person_id: FromPath[int], record_id: FromPath[int]
) -> Response[Any]:
    """A record is a person of its own again."""
    form = await Form.of(request)
    reason = form.text("reason", ask="Say why; it is kept.", most=MOST_REASON)
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    if form.fine:
        try:
            async with transaction() as connection:
                await profile_of(connection, record_id)
                said = await said_of(connection, record_id)
                if said is None or said.into_id != person_id:
                    raise SameRefused("This record is a person of its own already.", "reason")
                await apart_again(connection, record_id, by=by, reason=reason, now=now)
            return back(f"/admin/people/{person_id}/same", Said.TWO_PEOPLE)
        except SameRefused as refused:
            form.wrong("reason", str(refused))
    return await _page(request, person_id, Form(), apart=(record_id, form), status=422)


async def _record(connection: Connection, email: str) -> int | None:
    found: int | None = await connection.fetchval(
        "select person_id from profile where lower(email) = lower($1)", email
    )
    return found


async def _page(
    request: Request[Any, Any, Any],
    person_id: int,
    form: Form,
    *,
    foreseen: SameForeseen | None = None,
    apart: tuple[int, Form] | None = None,
    status: int = 200,
) -> Response[Any]:
    async with transaction(readonly=True) as connection:
        person = await profile_of(connection, person_id)
        said = await said_of(connection, person_id)
        joined = [
            {
                "profile": await profile_of(connection, one.record_id),
                "said": one,
                "form": apart[1] if apart and apart[0] == one.record_id else Form(),
            }
            for one in await records_of(connection, person_id)
        ]
        whose = None if said is None else await profile_of(connection, said.into_id)
        other = await _record(connection, form.value("email")) if foreseen else None
        record = await profile_of(connection, other) if other is not None else None
        told = may_show(await current_council(connection), Whose.COLLEAGUE)
    lost = foreseen.lost if foreseen is not None and told else 0
    context = {
        "person": person,
        "whose": whose,
        "joined": joined,
        "form": form,
        "foreseen": foreseen,
        "record": record,
        "lost": lost,
    }
    return page(request, "admin/same.html", context, status=status)


HANDLERS: Final = (other_records, join, part)
