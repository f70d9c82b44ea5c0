"""What an administrator lets Fanfare see of an account of the company's own.

Laws: it is kept for an account that is the company's at that moment, and only once its network has answered
with it what it is for, so that nobody gives what they do not have; nothing is asked about who gives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.consent.kept import keep
from app.consent.keys import Keys
from app.consent.pending import Leaving
from app.consent.states import Standing, standing
from app.consent.taking_back import end
from app.going_out import Outside
from app.settings import Settings
from scoring import Consent, Granted, NoAsk, NotSeen, holder_of, platform

COMPANYS_KIND: Final = "company"
_NOT_OURS: Final = "This account is not the company’s any more. Nothing was kept."
_NO_PAGE: Final = "{handle} is no page that {network} can be asked about: {why}. Nothing was kept."
_MAY_NOT: Final = (
    "{network} shows this page to its own administrators, and whoever signed in there is none of them (it "
    "answered {status}). Nothing was kept; sign in there as one of them and try again."
)


async def keep_for_company(
    pool: Any,
    settings: Settings,
    outside: Outside,
    consent: Consent,
    leaving: Leaving,
    granted: Granted,
    now: datetime,
) -> None:
    """Keep what was given for an account of the company's. Raises NotSeen and NotReachable."""
    async with pool.acquire() as connection:
        native = await connection.fetchval(
            "select native_id from account where id = $1 and platform = $2",
            leaving.account_id,
            leaving.network,
        )
    if native is None or leaving.account_id is None:
        raise NotSeen(_NOT_OURS)
    label = platform(leaving.network).label
    try:
        ask = consent.sees(native, settings.secrets_of(leaving.network))
    except NoAsk as why:
        raise NotSeen(_NO_PAGE.format(handle=native, network=label, why=why)) from None
    answer = await outside.ask(ask, token=granted.access)
    if not answer.good:
        raise NotSeen(_MAY_NOT.format(network=label, status=answer.status))
    async with pool.acquire() as connection, connection.transaction():
        holder = await holder_of(connection, leaving.account_id, locked=True)
        if holder is None or holder.person_id is not None:
            raise NotSeen(_NOT_OURS)
        await keep(
            connection, Keys.of(settings), leaving.account_id, leaving.person_id, leaving.network,
            granted, server=None, asked=frozenset(scope.name for scope in consent.scopes),
            renews=granted.refresh is not None, now=now,
        )  # fmt: skip


async def seen_of_company(connection: Any, now: datetime) -> Mapping[UUID, Standing]:
    """How the consents of the company's accounts stand."""
    rows = await connection.fetch(
        """select c.account_id, c.platform, coalesce(f.handle, a.native_id) as handle, c.state,
             c.given_at, c.expires_at, c.ends_at, c.grace_until, c.reason, c.server, c.aside_at, c.scopes
           from consent c join account a on a.id = c.account_id
           left join account_face f on f.account_id = a.id
           where c.state <> 'withdrawn' and (
             select o.company from ownership o where o.account_id = c.account_id
             order by o.effective_at desc, o.id desc limit 1)"""
    )
    return {row["account_id"]: standing(row, now) for row in rows}


async def withdraw_for_company(
    connection: Any, account_id: UUID, by: int, now: datetime
) -> int | None:
    """Nothing is asked with it from now on; what is left to do is queued, and its id returned. What the
    network had sent stays: the account is, or was, the company's. In a transaction."""
    return await end(connection, account_id, by, COMPANYS_KIND, now)
