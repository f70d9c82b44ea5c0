"""Joining: the policy, one's account and what others see, on one page and in one act.

Laws: nothing happens before the button is pressed; then all of it does, or none. An account that is
named here is not linked yet: showing that it is one's own comes next.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.accepted import accept, current_policy
from app.auth.guards import signed_in, viewer_of
from app.auth.viewer import Viewer
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.linking import (
    ALIAS_TAKEN,
    KINDS,
    consent_page,
    counts_choices,
    find_named,
    led_by_consent,
    network_choices,
    read_account,
    read_shown,
)
from app.pages.said import Said
from app.proofs import ClaimRefused, open_claim
from scoring import AliasTaken, enrol, show


@get("/join")
async def join_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """How it works for everybody, the form for those signed in; members go to their own page."""
    viewer = request.scope.get("user")
    if isinstance(viewer, Viewer) and viewer.enrolment in ("active", "paused"):
        return back("/me")
    form = Form({"counts": "disclosed", "visibility": "name"})
    return await show_form(request, form)


@post("/join", guards=[signed_in])
async def join(request: Request[Any, Any, Any]) -> Response[Any]:
    """Accept the policy, name the account, set what others see, enrol: one transaction."""
    viewer = viewer_of(request)
    form = await Form.of(request)
    if not form.ticked("accept"):
        form.wrong("accept", "Taking part needs your yes to the policy.")
    led = led_by_consent(request.app.state.settings)
    account = None if form.ticked("later") else read_account(form, led)
    shown = read_shown(form)
    if not form.fine or shown is None:
        return await show_form(request, form, status=422)
    named = None
    if account is not None and account[0] not in led:
        named = await find_named(request, form, account[0], account[1])
        if named is None:
            return await show_form(request, form, status=422)
    now, claim_id = datetime.now(UTC), None
    try:
        async with transaction() as connection:
            policy = await current_policy(connection)
            if form.value("version") != str(policy.version):
                form.wrong("accept", "The policy changed while you read it. Please look again.")
                return await show_form(request, form, status=409)
            await accept(connection, viewer.person_id, policy.version, now)
            await show(connection, viewer.person_id, shown, now)
            await enrol(connection, viewer.person_id, now)
            if account is not None and named is not None:
                claim_id = await open_claim(
                    connection, viewer.person_id, account[0], named, account[2], now
                )
    except ClaimRefused as why:
        form.wrong("handle", str(why))
        return await show_form(request, form, status=409)
    except AliasTaken:
        form.wrong("alias", ALIAS_TAKEN)
        return await show_form(request, form, status=409)
    if account is not None and account[0] in led:
        return back(consent_page(account[0], account[2]), Said.JOINED)
    return back("/me" if claim_id is None else f"/me/accounts/claims/{claim_id}", Said.JOINED)


async def show_form(
    request: Request[Any, Any, Any], form: Form, *, status: int = 200
) -> Response[Any]:
    """The page with the form as it was typed."""
    async with transaction(readonly=True) as connection:
        policy = await current_policy(connection)
    settings = request.app.state.settings
    context = {
        "form": form,
        "policy": policy,
        "networks": network_choices(led_by_consent(settings)),
        "counts": counts_choices(settings.disclosure_tag),
        "kinds": KINDS,
    }
    return page(request, "join/page.html", context, status=status)


HANDLERS: Final = (join_page, join)
