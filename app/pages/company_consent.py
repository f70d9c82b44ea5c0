"""`/admin/company-accounts/{id}/consent`: letting Fanfare see an account of the company's by consent.

Laws: what the network will ask for stands in words before anybody leaves; only an administrator here begins
it and comes back from it; it is taken back by a button.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.consent import (
    COMPANYS_KIND,
    consent_at,
    networks,
    redirect_uri,
    seen_of_company,
    told_at_once,
    withdraw_for_company,
)
from app.consent.leaving import CannotLeave, leave
from app.consent.pending import Leaving, digest
from app.database import transaction
from app.pages.fragment import back, page
from app.pages.linking import label
from app.pages.said import Said
from scoring import company_accounts_now

HERE: Final = "/admin/company-accounts/{account_id:uuid}/consent"
GUARDS: Final = [has_role("administrator")]


@get(HERE, guards=GUARDS)
async def before_leaving(
    request: Request[Any, Any, Any], account_id: FromPath[UUID]
) -> Response[Any]:
    """What the network will ask for."""
    return await company_consent_page(request, account_id)


@post(HERE, guards=GUARDS)
async def leaving(request: Request[Any, Any, Any], account_id: FromPath[UUID]) -> Response[Any]:
    """Show the way to the network's page."""
    state = request.app.state
    account = await _account(account_id)
    chosen = Leaving(
        viewer_of(request).person_id, digest(str(request.auth)), account.platform, None, "", "every",
        True, False, account.id, COMPANYS_KIND,
    )  # fmt: skip
    try:
        where = await leave(
            state.pool, state.redis, state.settings, state.outside, chosen, datetime.now(UTC)
        )
    except CannotLeave as why:
        return await company_consent_page(request, account_id, trouble=str(why), status=422)
    return await company_consent_page(request, account_id, where=where)


@post(HERE + "/withdraw", guards=GUARDS)
async def take_back(request: Request[Any, Any, Any], account_id: FromPath[UUID]) -> Response[Any]:
    """Nothing is asked with it from this moment."""
    await _account(account_id)
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        queued = await withdraw_for_company(connection, account_id, by, now)
    await told_at_once(request.app.state, queued, now)
    return back("/admin/company-accounts", Said.COMPANY_UNSEEN)


async def company_consent_page(
    request: Request[Any, Any, Any],
    account_id: UUID | None,
    *,
    where: str | None = None,
    trouble: str | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page; `where`: the network's own, which comes next; `trouble`: why nothing was kept."""
    settings, account = request.app.state.settings, await _account(account_id)
    consent = consent_at(account.platform, COMPANYS_KIND)
    async with transaction(readonly=True) as connection:
        given = (await seen_of_company(connection, datetime.now(UTC))).get(account.id)
    context = {
        "account": account,
        "label": label(account.platform),
        "consent": consent,
        "given": given,
        "ready": networks(settings).get(account.platform, False),
        "redirect": redirect_uri(settings, account.platform, None),
        "where": where,
        "place": urlsplit(where).hostname if where else None,
        "trouble": trouble,
    }
    return page(request, "admin/company_consent.html", context, status=status)


async def _account(account_id: UUID | None) -> Any:
    """The company's account on a network that knows such a consent."""
    async with transaction(readonly=True) as connection:
        every = await company_accounts_now(connection, datetime.now(UTC))
    for one in every:
        if one.id == account_id and consent_at(one.platform, COMPANYS_KIND) is not None:
            return one
    raise NotFoundException("This is no account of the company’s that could be seen by consent.")


HANDLERS: Final = (before_leaving, leaving, take_back)
