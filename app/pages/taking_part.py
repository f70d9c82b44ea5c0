"""Pausing, resuming and leaving. Law: each works at once, and nobody else is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, post

from app.auth.guards import signed_in, viewer_of
from app.consent import withdraw
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.live import tell_of_somebody
from app.pages.own_page import own_page
from app.pages.said import Said
from app.proofs import let_go_of_all
from scoring import NotPossibleNow, accounts_of, leave, pause, resume


@post("/me/pause", guards=[signed_in])
async def pause_me(request: Request[Any, Any, Any]) -> Response[Any]:
    """Pause."""
    return await take_part(request, pause, Said.PAUSED)


@post("/me/resume", guards=[signed_in])
async def resume_me(request: Request[Any, Any, Any]) -> Response[Any]:
    """Resume after a pause; who left joins anew."""
    if viewer_of(request).enrolment in (None, "left"):
        return back("/join")
    return await take_part(request, resume, Said.RESUMED)


@post("/me/leave", guards=[signed_in])
async def leave_programme(request: Request[Any, Any, Any]) -> Response[Any]:
    """Leave, after having ticked that it is meant."""
    form = await Form.of(request)
    if not form.ticked("sure"):
        form.wrong("sure", "Tick the box if you want to leave.")
        return await own_page(request, leave_form=form, status=422)
    return await take_part(request, leave_with_all, Said.LEFT)


async def leave_with_all(connection: Connection, person_id: int, now: datetime) -> None:
    """Leave, and say of no account any more that it is one's own."""
    accounts = await accounts_of(connection, person_id, now)
    await leave(connection, person_id, now)
    for account in accounts:
        await withdraw(connection, account.id, person_id, now)
    await let_go_of_all(connection, person_id, now)


async def take_part(
    request: Request[Any, Any, Any],
    change: Callable[[Connection, int, datetime], Awaitable[None]],
    said: Said,
) -> Response[Any]:
    """Change one's enrolment and say so; a click that comes too late changes nothing."""
    try:
        async with transaction() as connection:
            await change(connection, viewer_of(request).person_id, datetime.now(UTC))
    except NotPossibleNow:
        return back("/me")
    await tell_of_somebody(request, datetime.now(UTC))
    return back("/me", said)


HANDLERS: Final = (pause_me, resume_me, leave_programme)
