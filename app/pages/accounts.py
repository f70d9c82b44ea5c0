"""`/me/accounts`: naming an account to link, choosing what one may count, unlinking it.

Law: an account is the business of the person it is linked to, and of nobody else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.consent import told_at_once, withdraw
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.linking import (
    consent_page,
    find_named,
    led_by_consent,
    read_account,
    read_counts,
)
from app.pages.own_page import own_page
from app.pages.said import Said
from app.proofs import ClaimRefused, open_claim
from scoring import NotYours, change_counting, unlink

NOT_TAKING_PART: Final = "Only who takes part links accounts. Join first."
NOT_YOURS: Final = "This account is not linked to you now."


@get("/me/accounts", guards=[signed_in])
async def accounts_are_below(request: Request[Any, Any, Any]) -> Response[Any]:
    """Whoever comes back to the address of a form that was wrong: one's accounts stand on one's page."""
    return back("/me")


@post("/me/accounts", guards=[signed_in])
async def add_account(request: Request[Any, Any, Any]) -> Response[Any]:
    """Name an account; showing that it is one's own comes next, before anything is linked. Where the network
    itself says whose it is, and its name is hard to find, one is led there."""
    form, viewer = await Form.of(request), viewer_of(request)
    if viewer.enrolment not in ("active", "paused"):
        form.wrong("network", NOT_TAKING_PART)
    led = led_by_consent(request.app.state.settings)
    account = read_account(form, led)
    claim_id = None
    if account is not None and form.fine and account[0] in led:
        return back(consent_page(account[0], account[2]))
    if account is not None and form.fine:
        network, typed, choices = account
        named = await find_named(request, form, network, typed)
        if named is not None:
            try:
                async with transaction() as connection:
                    claim_id = await open_claim(
                        connection, viewer.person_id, network, named, choices, datetime.now(UTC)
                    )
            except ClaimRefused as why:
                form.wrong("handle", str(why))
    if claim_id is None:
        return await own_page(request, account_form=form, status=422)
    return back(f"/me/accounts/claims/{claim_id}")


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
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    try:
        async with transaction() as connection:
            await unlink(connection, person_id, account_id, now)
            queued = await withdraw(connection, account_id, person_id, now)
    except NotYours:
        raise NotFoundException(NOT_YOURS) from None
    await told_at_once(request.app.state, queued, now)
    return back("/me", Said.UNLINKED)


HANDLERS: Final = (accounts_are_below, add_account, counts_of_account, unlink_account)
