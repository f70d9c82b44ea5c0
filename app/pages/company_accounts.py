"""`/admin/company-accounts`: which accounts are the company's own.

Law: named by the person who answers for the connections, on record, with every other administrator told, and
never at the cost of somebody who has the account linked.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.auth.roles import administrators
from app.consent import (
    COMPANYS_KIND,
    consent_at,
    seen_of_company,
    told_at_once,
    withdraw_for_company,
)
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.linking import find_named, label, network_choices
from app.pages.said import Said
from app.polls import PAGE_TOKEN
from rewards import notify_many
from scoring import (
    AccountTaken,
    NotYours,
    company_accounts_now,
    let_go_as_companys,
    name_as_companys,
)

HERE: Final = "/admin/company-accounts"
GUARDS: Final = [has_role("administrator")]


@get(HERE, guards=GUARDS)
async def company_accounts(request: Request[Any, Any, Any]) -> Response[Any]:
    """The company's accounts, and a form for another one."""
    return await _page(request, Form())


@post(HERE, guards=GUARDS)
async def name_account(request: Request[Any, Any, Any]) -> Response[Any]:
    """Name an account as the company's."""
    form = await Form.of(request)
    names = [name for name, _, _ in network_choices()]
    network = form.choice("network", names, ask="Choose the network.")
    typed = form.text("handle", ask="Type the account’s name on that network.", most=300)
    named = await find_named(request, form, network, typed) if form.fine else None
    if named is not None:
        try:
            async with transaction() as connection:
                by, now = viewer_of(request).person_id, datetime.now(UTC)
                before = {one.id for one in await company_accounts_now(connection, now)}
                id_ = await name_as_companys(connection, network, named, by=by, now=now)
                if id_ not in before:
                    await _tell_the_others(connection, network, id_, by, now)
            return back(HERE, Said.COMPANYS)
        except AccountTaken:
            form.wrong(
                "handle",
                "Somebody has linked this account as their own. Ask them to unlink it first.",
            )
    return await _page(request, form, status=422)


@post(HERE + "/{account_id:uuid}/let-go", guards=GUARDS)
async def let_go(request: Request[Any, Any, Any], account_id: FromPath[UUID]) -> Response[Any]:
    """An account is the company's no more; nothing is asked in its name from this moment."""
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    try:
        async with transaction() as connection:
            await let_go_as_companys(connection, account_id, by=by, now=now)
            queued = await withdraw_for_company(connection, account_id, by, now)
    except NotYours:
        raise NotFoundException("This account is not the company’s now.") from None
    await told_at_once(request.app.state, queued, now)
    return back(HERE, Said.NOT_COMPANYS)


async def _tell_the_others(
    connection: Any, network: str, account_id: UUID, by: int, now: datetime
) -> None:
    """Whoever names an account of their own would be reshared by themselves: nobody does so unseen."""
    await notify_many(
        connection,
        [one for one in await administrators(connection) if one != by],
        "company_account_named",
        {"network": label(network)},
        key=f"company_account_named:{account_id}:{now.isoformat()}",
        now=now,
    )


async def _page(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    async with transaction(readonly=True) as connection:
        now = datetime.now(UTC)
        accounts = await company_accounts_now(connection, now)
        seen = await seen_of_company(connection, now)
        named_by = await _named_by(connection)
    settings = request.app.state.settings

    def may(network: str) -> str | None:
        """Whether there is something to give, and a setting that stands in for it."""
        if consent_at(network, COMPANYS_KIND) is None:
            return None
        return "by setting" if settings.secrets_of(network).one(PAGE_TOKEN) else "by consent"

    context = {
        "accounts": [
            (label(one.platform), one, may(one.platform), seen.get(one.id), named_by.get(one.id))
            for one in accounts
        ],
        "networks": network_choices(),
        "form": form,
    }
    return page(request, "admin/company_accounts.html", context, status=status)


async def _named_by(connection: Any) -> dict[UUID, str]:
    """Who named each account last, as the audit keeps it."""
    rows = await connection.fetch(
        """select distinct on (a.subject) a.subject, p.name from audit a
           join profile p on p.person_id = a.person_id
           where a.action = 'named_company' order by a.subject, a.id desc"""
    )
    return {UUID(row["subject"].partition(":")[2]): row["name"] for row in rows}


HANDLERS: Final = (company_accounts, name_account, let_go)
