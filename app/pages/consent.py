"""`/me/accounts/consent`: letting Fanfare see an account, by the network's own page.

Laws: what a network will ask for stands in words before anybody leaves; who comes back with anything but a
yes reads what happened, finds what they had chosen, and has lost nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.consent import COMPANYS_KIND, consent_at, networks
from app.consent.apps import host_of
from app.consent.coming_back import come_back
from app.consent.leaving import CannotLeave, leave
from app.consent.not_linked import NotLinked
from app.consent.pending import Leaving, digest
from app.consent.states import Standing, consents_of
from app.database import transaction
from app.pages.company_consent import company_consent_page
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.linking import counts_choices, label, read_counts
from app.pages.said import Said
from app.proofs import Errand, may_send
from scoring import NotAnAccount, UnknownPlatform, accounts_of, platform

HERE: Final = "/me/accounts/consent"
KINDS: Final = (
    ("professional", "Professional", "you write there about your work"),
    ("personal", "Personal", "you write there about your own life"),
)
_NOT_TAKING_PART: Final = "Only who takes part links accounts. Join first."


@get(HERE, guards=[signed_in])
async def consents(request: Request[Any, Any, Any]) -> Response[Any]:
    """What one lets Fanfare see, and where one may."""
    settings = request.app.state.settings
    async with transaction(readonly=True) as connection:
        given = await consents_of(connection, viewer_of(request).person_id, datetime.now(UTC))
    ways = [(name, label(name), ready) for name, ready in networks(settings).items()]
    context = {
        "given": [{"consent": one, "label": label(one.platform)} for one in given],
        "open": [way for way in ways if way[2]],
        "shut": [way for way in ways if not way[2]],
    }
    return page(request, "me/consents.html", context)


@get(HERE + "/{network:str}", guards=[signed_in])
async def before_leaving(request: Request[Any, Any, Any], network: FromPath[str]) -> Response[Any]:
    """What a network will ask for, and what one may choose."""
    return await _page(request, network)


@post(HERE + "/{network:str}", guards=[signed_in])
async def leaving(request: Request[Any, Any, Any], network: FromPath[str]) -> Response[Any]:
    """Keep what was chosen and show the way to the network's page."""
    form, viewer, state = await Form.of(request), viewer_of(request), request.app.state
    kind = _kind_of(form.value("of"))
    consent = _consent(network, kind)
    server = None
    if consent.own_servers:
        typed = form.text("server", ask="Type the server you sign in at.", most=300)
        if typed:
            try:
                server = consent.server_of(typed)
            except NotAnAccount as why:
                form.wrong("server", str(why))
    counts = read_counts(form)
    which = form.choice("kind", [value for value, _, _ in KINDS], ask="Choose which one it is.")
    if viewer.enrolment not in ("active", "paused"):
        form.wrong("counts", _NOT_TAKING_PART)
    where = None
    if form.fine and server and not await may_send(state.redis, viewer.person_id, Errand.LEAVE):
        form.wrong("server", Errand.LEAVE.words)
    if form.fine:
        chosen = Leaving(
            viewer.person_id,
            digest(str(request.auth)),
            network,
            server,
            "",
            counts,
            which == "professional",
            form.ticked("disclaimer"),
            await _own_account(viewer.person_id, network, form.value("account")),
            kind,
        )
        try:
            where = await leave(
                state.pool, state.redis, state.settings, state.outside, chosen, datetime.now(UTC),
                typed=form.value("server") if consent.own_servers else "",
            )  # fmt: skip
        except CannotLeave as why:
            form.wrong("server" if consent.own_servers else "counts", str(why))
    return await _page(request, network, form, where=where, status=200 if where else 422)


@get("/oauth/{network:str}/callback", guards=[signed_in])
async def returning(request: Request[Any, Any, Any], network: FromPath[str]) -> Response[Any]:
    """Somebody comes back from a network."""
    state, viewer = request.app.state, viewer_of(request)
    _consent(network)
    try:
        left = await come_back(
            state.pool,
            state.redis,
            state.settings,
            state.outside,
            network=network,
            query=dict(request.query_params),
            person_id=viewer.person_id,
            session=str(request.auth),
            now=datetime.now(UTC),
            administrator=viewer.may("administrator"),
        )
    except NotLinked as why:
        if why.leaving is not None and why.leaving.kind == COMPANYS_KIND:
            return await company_consent_page(
                request, why.leaving.account_id, trouble=str(why), status=422
            )
        return await _page(request, network, _as_chosen(why.leaving), trouble=why, status=422)
    if left.kind == COMPANYS_KIND:
        return back("/admin/company-accounts", Said.COMPANY_SEEN)
    return back(HERE, Said.CONSENT_GIVEN)


async def _page(
    request: Request[Any, Any, Any],
    network: str,
    form: Form | None = None,
    *,
    where: str | None = None,
    trouble: NotLinked | None = None,
    status: int = 200,
) -> Response[Any]:
    settings = request.app.state.settings
    kind = _kind_of(form.value("of") if form else request.query_params.get("of", ""))
    consent = _consent(network, kind).asking(settings.secrets_of(network))
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        given = [
            one for one in await consents_of(connection, person_id, now) if one.platform == network
        ]
        accounts = {one.id: one for one in await accounts_of(connection, person_id, now)}
    again = _again(request, form, given)
    if form is None:
        chosen = request.query_params
        form = Form(
            {
                "counts": chosen.get("counts", "disclosed"),
                "kind": chosen.get("kind", ""),
                "disclaimer": chosen.get("disclaimer", ""),
            }
        )
        if again is not None:
            known = accounts[again.account_id]
            form = Form(
                {
                    "counts": known.counts,
                    "kind": "professional" if known.professional else "personal",
                    "disclaimer": "yes" if known.disclaimer else "",
                    "server": "" if again.server is None else host_of(again.server),
                }
            )
    context = {
        "network": network,
        "label": label(network),
        "consent": consent,
        "of": kind,
        "pages_too": not kind and "page" in platform(network).page_consents,
        "form": form,
        "kinds": KINDS,
        "counts": counts_choices(settings.disclosure_tag),
        "ready": networks(settings)[network],
        "again": again,
        "where": where,
        "place": urlsplit(where).hostname if where else None,
        "trouble": trouble,
        "claim_id": trouble.claim_id if trouble else None,
        "by_hand": consent.own_hand if consent.own_hand.startswith("https://") else None,
    }
    return page(request, "me/consent.html", context, status=status)


def _again(
    request: Request[Any, Any, Any], form: Form | None, given: list[Standing]
) -> Standing | None:
    """The account whose consent is to be given anew, if one of theirs was named."""
    named = form.value("account") if form else request.query_params.get("account", "")
    return next((one for one in given if str(one.account_id) == named), None)


def _consent(network: str, kind: str = "") -> Any:
    try:
        consent = consent_at(network, kind)
    except UnknownPlatform:
        consent = None
    if consent is None:
        raise NotFoundException
    return consent


def _kind_of(typed: str) -> str:
    """A person's own page where a form or an address says so; else their account."""
    return "page" if typed == "page" else ""


async def _own_account(person_id: int, network: str, typed: str) -> UUID | None:
    """The account of theirs that a form names; None for anything else."""
    async with transaction(readonly=True) as connection:
        mine = await accounts_of(connection, person_id, datetime.now(UTC))
    return next((one.id for one in mine if str(one.id) == typed and one.platform == network), None)


def _as_chosen(leaving: Leaving | None) -> Form | None:
    if leaving is None:
        return None
    return Form(
        {
            "counts": leaving.counts,
            "kind": "professional" if leaving.professional else "personal",
            "disclaimer": "yes" if leaving.disclaimer else "",
            "of": leaving.kind,
            "server": "" if leaving.server is None else host_of(leaving.server),
            "account": "" if leaving.account_id is None else str(leaving.account_id),
        }
    )


HANDLERS: Final = (consents, before_leaving, leaving, returning)
