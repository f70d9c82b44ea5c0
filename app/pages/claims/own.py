"""`/me/accounts/claims/{id}`: showing that an account is one's own.

Laws: only ever one's own claims; every way that is open is offered, the quick one first; nobody is told
who has an account that is taken.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import MediaType, Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.atproto import CannotLeave, NotLinked, come_back, leave, metadata, ready
from app.auth.guards import signed_in, viewer_of
from app.consent import networks
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.linking import label
from app.pages.said import Said
from app.proofs import (
    LOOKS,
    MOST_WORDS,
    Claim,
    ClaimRefused,
    Errand,
    address_of,
    ask_administrator,
    claim_of,
    let_go,
    look_now,
    may_ask,
    may_send,
    open_claim,
    proofs_of,
    request_of,
)
from scoring import NotSeen, accounts_of, holder_of, platform

HERE: Final = "/me/accounts/claims/{claim_id:int}"
NO_CLAIM: Final = "There is no such account of yours to be shown. Look at your accounts."
_NOT_THERE: Final = (
    "We looked and did not find it yet. Is your profile saved? Some servers need a minute."
)


@get(HERE, guards=[signed_in])
async def claim_page(request: Request[Any, Any, Any], claim_id: FromPath[int]) -> Response[Any]:
    """The ways to show it, and how it stands."""
    return await _show(request, claim_id)


@post(HERE + "/look", guards=[signed_in])
async def look(request: Request[Any, Any, Any], claim_id: FromPath[int]) -> Response[Any]:
    """Look at the network now."""
    state, form = request.app.state, await Form.of(request)
    person_id = viewer_of(request).person_id
    if not await may_send(state.redis, person_id, Errand.LOOK):
        form.wrong("look", Errand.LOOK.words)
        return await _show(request, claim_id, form, status=429)
    try:
        found = await look_now(state.pool, state.settings, state.outside, person_id, claim_id)
    except (ClaimRefused, NotSeen) as why:
        form.wrong("look", str(why))
    else:
        if found == "linked":
            return back("/me", Said.LINKED)
        if found is not None:
            return back(f"/me/accounts/claims/{claim_id}", Said.SHOWN_AND_TAKEN)
        form.wrong("look", _NOT_THERE)
    return await _show(request, claim_id, form, status=422)


@post(HERE + "/sign-in", guards=[signed_in])
async def sign_in_there(request: Request[Any, Any, Any], claim_id: FromPath[int]) -> Response[Any]:
    """Show the way to the account's own server."""
    state, form = request.app.state, Form()
    async with transaction(readonly=True) as connection:
        claim = await _own(connection, viewer_of(request).person_id, claim_id)
    if claim.platform != "bluesky" or not claim.open:
        raise NotFoundException(NO_CLAIM)
    if not await may_send(state.redis, claim.person_id, Errand.LEAVE):
        form.wrong("sign-in", Errand.LEAVE.words)
        return await _show(request, claim_id, form, status=429)
    where = None
    try:
        where = await leave(state.redis, state.settings, state.outside, claim, str(request.auth))
    except CannotLeave as why:
        form.wrong("sign-in", str(why))
    return await _show(request, claim_id, form, where=where, status=200 if where else 422)


@get("/oauth/bluesky/callback", guards=[signed_in])
async def returning(request: Request[Any, Any, Any]) -> Response[Any]:
    """Somebody comes back from their own server."""
    state, form = request.app.state, Form()
    try:
        claim_id, outcome = await come_back(
            state.pool, state.redis, state.settings, state.outside,
            query=dict(request.query_params), person_id=viewer_of(request).person_id,
            session=str(request.auth), now=datetime.now(UTC),
        )  # fmt: skip
    except NotLinked as why:
        if why.claim_id is None:
            raise NotFoundException(str(why)) from None
        form.wrong("sign-in", str(why))
        return await _show(request, why.claim_id, form, status=422)
    if outcome == "linked":
        return back("/me", Said.LINKED)
    return back(f"/me/accounts/claims/{claim_id}", Said.SHOWN_AND_TAKEN)


@get("/me/accounts/consent/bluesky", guards=[signed_in])
async def once_more(request: Request[Any, Any, Any]) -> Response[Any]:
    """Sign in again for an account that is linked; who has none begins on their own page."""
    asked = request.query_params.get("account", "")
    async with transaction(readonly=True) as connection:
        mine = await accounts_of(connection, viewer_of(request).person_id, datetime.now(UTC))
    of_bluesky = [one for one in mine if one.platform == "bluesky"]
    account = next((one for one in of_bluesky if asked in (str(one.id), "")), None)
    if account is None:
        return back("/me")
    return page(request, "claims/again.html", {"account": account})


@get("/oauth/client-metadata.json")
async def client_document(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """What servers of the AT Protocol read about Fanfare."""
    return Response(
        metadata(request.app.state.settings), media_type=MediaType.JSON,
        headers={"Cache-Control": "public, max-age=600"},
    )  # fmt: skip


@post(HERE + "/again", guards=[signed_in])
async def again(request: Request[Any, Any, Any], claim_id: FromPath[int]) -> Response[Any]:
    """A new code, where the one before is over."""
    person_id, form = viewer_of(request).person_id, await Form.of(request)
    try:
        async with transaction() as connection:
            claim = await _own(connection, person_id, claim_id)
            new = await open_claim(
                connection, person_id, claim.platform, claim.named, claim.choices, datetime.now(UTC)
            )
    except ClaimRefused as why:
        form.wrong("look", str(why))
        return await _show(request, claim_id, form, status=422)
    return back(f"/me/accounts/claims/{new}")


@post(HERE + "/ask", guards=[signed_in])
async def ask(request: Request[Any, Any, Any], claim_id: FromPath[int]) -> Response[Any]:
    """Put it before an administrator."""
    person_id, form = viewer_of(request).person_id, await Form.of(request)
    words = form.text(
        "words", ask="Say in a sentence how one can see that it is yours.", most=MOST_WORDS
    )
    if form.fine:
        try:
            async with transaction() as connection:
                claim = await _own(connection, person_id, claim_id)
                await ask_administrator(
                    connection, person_id, claim_id, words, datetime.now(UTC),
                    otherwise=_otherwise(request, claim),
                )  # fmt: skip
        except ClaimRefused as why:
            form.wrong("words", str(why))
    if form.fine:
        return back(f"/me/accounts/claims/{claim_id}", Said.ACCOUNT_ASKED)
    return await _show(request, claim_id, form, status=422)


@post(HERE + "/let-go", guards=[signed_in])
async def drop(request: Request[Any, Any, Any], claim_id: FromPath[int]) -> Response[Any]:
    """It is not mine after all, or not now."""
    async with transaction() as connection:
        await let_go(connection, viewer_of(request).person_id, claim_id, datetime.now(UTC))
    return back("/me")


async def _own(connection: Any, person_id: int, claim_id: int) -> Claim:
    claim = await claim_of(connection, person_id, claim_id)
    if claim is None:
        raise NotFoundException(NO_CLAIM)
    return claim


def _otherwise(request: Request[Any, Any, Any], claim: Claim) -> bool:
    """Whether there is a way to show it without an administrator."""
    known = platform(claim.platform)
    return known.proving is not None or networks(request.app.state.settings).get(known.name, False)


async def _show(
    request: Request[Any, Any, Any],
    claim_id: int,
    form: Form | None = None,
    *,
    where: str | None = None,
    status: int = 200,
) -> Response[Any]:
    viewer, settings, now = viewer_of(request), request.app.state.settings, datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        claim = await _own(connection, viewer.person_id, claim_id)
        holder = await holder_of(connection, claim.account_id)
        asked = await request_of(connection, claim_id)
        proofs = await proofs_of(connection, [claim.account_id], person_id=viewer.person_id)
    known = platform(claim.platform)
    context = {
        "claim": claim,
        "label": label(claim.platform),
        "url": known.profile_url(claim.native_id, claim.handle),
        "form": form or Form(),
        "over": now >= claim.expires_at or claim.looks >= LOOKS,
        "mine": holder is not None and holder.person_id == viewer.person_id,
        "taken": holder is not None and holder.person_id not in (None, viewer.person_id),
        "companys": holder is not None and holder.person_id is None,
        "places": known.proving.places if known.proving is not None else (),
        "address": address_of(settings.base_url, claim.code),
        "by_consent": networks(settings).get(known.name, False),
        "signs_in": known.name in networks(settings),
        "by_server": claim.platform == "bluesky" and ready(settings),
        "where": where,
        "there": urlsplit(where).netloc if where else None,
        "may_ask": may_ask(claim, holder, otherwise=_otherwise(request, claim)),
        "asked": asked.words.get(viewer.person_id) if asked is not None else None,
        "proven": bool(proofs.get(claim.account_id)),
        "most": MOST_WORDS,
    }
    return page(request, "claims/own.html", context, status=status)


HANDLERS: Final = (
    claim_page, look, sign_in_there, returning, once_more, client_document, again, ask, drop,
)  # fmt: skip
