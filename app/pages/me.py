"""`/me`: one's own page, handing a post in, and what others see.

Law: every change here holds at once, is the person's alone to make, and is refused beside the
field it is about.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.guards import signed_in, viewer_of
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.linking import ALIAS_TAKEN, read_shown
from app.pages.live import tell_of_somebody
from app.pages.own_page import own_page
from app.pages.said import Said
from scoring import (
    AliasTaken,
    HandedIn,
    NotStated,
    NotYours,
    PostNotKnown,
    company_zone,
    hand_in,
    older_posts,
    show,
    state_post,
)

UNKNOWN_POST: Final = (
    "We know of no such post from an account you have linked. Copy its address exactly, or wait a "
    "little if it is new."
)

OLDER_POST: Final = (
    "You wrote it before you linked that account, so not all of it counts. The page below says what does, "
    "and takes it."
)


@get("/me", guards=[signed_in])
async def me(request: Request[Any, Any, Any]) -> Response[Any]:
    """One's own page."""
    return await own_page(request)


@post("/me/hand-in", guards=[signed_in])
async def hand_in_post(request: Request[Any, Any, Any]) -> Response[Any]:
    """Let one of one's own posts count."""
    form = await Form.of(request)
    reference = form.text("post", ask="Paste the address of your post.", most=500)
    if form.fine:
        person_id, now = viewer_of(request).person_id, datetime.now(UTC)
        try:
            async with transaction() as connection:
                if await _is_older(connection, person_id, reference, now):
                    form.wrong("post", OLDER_POST)
                else:
                    await hand_in(connection, person_id, reference, now)
        except (PostNotKnown, NotYours):
            # One answer: that a colleague's post is known would tell that the colleague takes part.
            if (said := await _state(request, form, reference, now)) is not None:
                return back("/me", said)
    if not form.fine:
        return await own_page(request, post_form=form, status=422)
    return back("/me", Said.HANDED_IN)


async def _is_older(connection: Connection, person_id: int, reference: str, now: datetime) -> bool:
    """Whether it was written before its account was linked: that is said before it is handed in."""
    try:
        return any(one.surely for one in await older_posts(connection, person_id, reference, now))
    except NotStated:  # no address: a network's own id
        return False


async def _state(
    request: Request[Any, Any, Any], form: Form, reference: str, now: datetime
) -> Said | None:
    """Hand in what is known by another address, or by none yet; None where that cannot be."""
    person_id, zone = viewer_of(request).person_id, request.app.state.settings.timezone
    try:
        async with transaction() as connection:
            stated = await state_post(
                connection, person_id, HandedIn(reference), now, company_zone(zone)
            )
    except NotStated as refused:
        open_ = refused.field != "post"
        form.wrong("post", f"{refused} The page below asks for it." if open_ else UNKNOWN_POST)
        return None
    if stated.again:
        return Said.HANDED_IN_BEFORE
    return Said.HANDED_IN if stated.statement_id is None else Said.POST_STATED


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
    await tell_of_somebody(request, datetime.now(UTC))
    return back("/me", Said.FACE)


HANDLERS: Final = (me, hand_in_post, what_others_see)
