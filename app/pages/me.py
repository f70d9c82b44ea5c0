"""`/me`: one's own accounts, what counts, what others see, pausing and leaving.

Law: every change here holds at once, is the person's alone to make, and is refused beside the
field it is about.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.accepted import accepted_version, current_policy
from app.auth.guards import signed_in, viewer_of
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.linking import (
    ALIAS_TAKEN,
    TAKEN,
    counts_choices,
    label,
    network_choices,
    read_account,
    read_counts,
    read_shown,
    shown_form,
)
from app.pages.said import Said
from scoring import (
    AccountTaken,
    AliasTaken,
    NotPossibleNow,
    NotYours,
    PostNotKnown,
    accounts_of,
    change_counting,
    hand_in,
    leave,
    link,
    pause,
    resume,
    show,
    unlink,
)

NOT_YOURS: Final = "This account is not linked to you now."
UNKNOWN_POST: Final = (
    "No network has told us of this post. Copy its address exactly, or wait a little if it is new."
)


@get("/me", guards=[signed_in])
async def me(request: Request[Any, Any, Any]) -> Response[Any]:
    """One's own page."""
    return await own_page(request)


@post("/me/accounts", guards=[signed_in])
async def add_account(request: Request[Any, Any, Any]) -> Response[Any]:
    """Link an account."""
    form = await Form.of(request)
    account = read_account(form)
    if account is not None:
        network, named, counts = account
        person_id, now = viewer_of(request).person_id, datetime.now(UTC)
        try:
            async with transaction() as connection:
                await link(connection, person_id, network, named, counts, now)
        except AccountTaken:
            form.wrong("handle", TAKEN)
    if not form.fine:
        return await own_page(request, account_form=form, status=422)
    return back("/me", Said.LINKED)


@post("/me/accounts/{account_id:uuid}/counts", guards=[signed_in])
async def counts_of_account(
    request: Request[Any, Any, Any], account_id: FromPath[UUID]
) -> Response[Any]:
    """Choose anew what an account may count."""
    form = await Form.of(request)
    counts = read_counts(form)
    if not form.fine:
        return await own_page(request, counts_form=(account_id, form), status=422)
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    try:
        async with transaction() as connection:
            await change_counting(connection, person_id, account_id, counts, now)
    except NotYours:
        raise NotFoundException(NOT_YOURS) from None
    return back("/me", Said.COUNTING)


@post("/me/accounts/{account_id:uuid}/unlink", guards=[signed_in])
async def unlink_account(
    request: Request[Any, Any, Any], account_id: FromPath[UUID]
) -> Response[Any]:
    """Take an account out."""
    try:
        async with transaction() as connection:
            await unlink(connection, viewer_of(request).person_id, account_id, datetime.now(UTC))
    except NotYours:
        raise NotFoundException(NOT_YOURS) from None
    return back("/me", Said.UNLINKED)


@post("/me/hand-in", guards=[signed_in])
async def hand_in_post(request: Request[Any, Any, Any]) -> Response[Any]:
    """Let one of one's own posts count."""
    form = await Form.of(request)
    reference = form.text("post", ask="Paste the address of your post.", most=500)
    if form.fine:
        person_id, now = viewer_of(request).person_id, datetime.now(UTC)
        try:
            async with transaction() as connection:
                await hand_in(connection, person_id, reference, now)
        except PostNotKnown:
            form.wrong("post", UNKNOWN_POST)
        except NotYours:
            form.wrong("post", "This post is not from an account you have linked.")
    if not form.fine:
        return await own_page(request, post_form=form, status=422)
    return back("/me", Said.HANDED_IN)


@post("/me/shown", guards=[signed_in])
async def what_others_see(request: Request[Any, Any, Any]) -> Response[Any]:
    """Change what others may see."""
    form = await Form.of(request)
    shown = read_shown(form)
    if shown is not None:
        person_id, now = viewer_of(request).person_id, datetime.now(UTC)
        try:
            async with transaction() as connection:
                await show(connection, person_id, shown, now)
        except AliasTaken:
            form.wrong("alias", ALIAS_TAKEN)
    if not form.fine:
        return await own_page(request, shown_as=form, status=422)
    return back("/me", Said.FACE)


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
    return await take_part(request, leave, Said.LEFT)


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
    return back("/me", said)


async def own_page(
    request: Request[Any, Any, Any],
    *,
    account_form: Form | None = None,
    counts_form: tuple[UUID, Form] | None = None,
    post_form: Form | None = None,
    shown_as: Form | None = None,
    leave_form: Form | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page, with a form as it was typed where something was wrong with it."""
    viewer = viewer_of(request)
    async with transaction(readonly=True) as connection:
        accounts = await accounts_of(connection, viewer.person_id, datetime.now(UTC))
        profile = await connection.fetchrow(
            """select p.*, d.name as department, o.name as office from profile p
               left join department d on d.id = p.department_id
               left join office o on o.id = p.office_id where person_id = $1""",
            viewer.person_id,
        )
        policy = await current_policy(connection)
        accepted = await accepted_version(connection, viewer.person_id)
    context = {
        "profile": profile,
        "accounts": [
            {
                "account": account,
                "label": label(account.platform),
                "form": counts_form[1]
                if counts_form and counts_form[0] == account.id
                else Form({"counts": account.counts}),
            }
            for account in accounts
        ],
        "networks": network_choices(),
        "counts": counts_choices(request.app.state.settings.disclosure_tag),
        "policy_is_new": viewer.enrolment is not None and accepted != policy.version,
        "account_form": account_form or Form({"counts": "disclosed"}),
        "adding": account_form is not None,
        "post_form": post_form or Form(),
        "shown_form": shown_as or shown_form(profile),
        "leave_form": leave_form or Form(),
    }
    return page(request, "me/page.html", context, status=status)


HANDLERS: Final = (
    me,
    add_account,
    counts_of_account,
    unlink_account,
    hand_in_post,
    what_others_see,
    pause_me,
    resume_me,
    leave_programme,
)
