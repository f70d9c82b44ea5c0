"""Accounts of the company itself: what its reshares, its page and its channel are recognised by.

Laws: an account is the company's or a person's, never both at a time; both are facts that hold from a moment
on, with who decided them; nothing that was before is counted anew under the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from scoring.accounts import AccountTaken, NotYours, know_account, profile_url
from scoring.audit import record_audit
from scoring.changes import note_account
from scoring.connection import Connection
from scoring.platforms.platform import Named


@dataclass(frozen=True, slots=True)
class CompanyAccount:
    """An account that is the company's now, and since when."""

    id: UUID
    platform: str
    native_id: str
    handle: str
    url: str | None
    since_at: datetime


async def company_accounts_now(connection: Connection, now: datetime) -> list[CompanyAccount]:
    """The company's accounts, by network and name."""
    rows = await connection.fetch(
        """select a.id, a.platform, a.native_id, coalesce(f.handle, a.native_id) as handle, f.url,
             o.effective_at
           from (select distinct on (account_id) account_id, company, effective_at from ownership
                 where account_id in (select account_id from ownership where company)
                   and effective_at <= $1
                 order by account_id, effective_at desc, id desc) o
           join account a on a.id = o.account_id
           left join account_face f on f.account_id = a.id
           where o.company order by a.platform, handle""",
        now,
    )
    return [CompanyAccount(*row.values()) for row in rows]


async def name_as_companys(
    connection: Connection, network: str, named: Named, *, by: int | None, now: datetime
) -> UUID:
    """Let an account be the company's from now on and return its id. Raises AccountTaken where it is a
    person's. In the caller's transaction."""
    id_ = await know_account(connection, network, named, now)
    since_at, owner, company = await _last(connection, id_)
    if owner is not None:
        raise AccountTaken(f"{network} {named.native_id}")
    await connection.execute(
        """insert into account_face (account_id, handle, url, professional, disclaimer)
           values ($1, $2, $3, true, false)
           on conflict (account_id) do update set handle = excluded.handle, url = excluded.url""",
        id_,
        named.handle,
        profile_url(network, named),
    )
    if not company:
        await _own(connection, id_, since_at, True, "named_company", by, now)
    return id_


async def let_go_as_companys(
    connection: Connection, id_: UUID, *, by: int | None, now: datetime
) -> None:
    """From now on an account is the company's no more. Raises NotYours where it is not."""
    since_at, _, company = await _last(connection, id_)
    if not company:
        raise NotYours(str(id_))
    await _own(connection, id_, since_at, False, "let_go_company", by, now)


async def _last(connection: Connection, id_: UUID) -> tuple[datetime | None, int | None, bool]:
    """What was said of an account last, locked, so that of two who decide at once the second sees it."""
    await connection.fetchval("select id from account where id = $1 for update", id_)
    row = await connection.fetchrow(
        """select effective_at, person_id, company from ownership where account_id = $1
           order by effective_at desc, id desc limit 1""",
        id_,
    )
    return (None, None, False) if row is None else (row[0], row[1], row[2])


async def _own(
    connection: Connection,
    id_: UUID,
    since_at: datetime | None,
    company: bool,
    action: str,
    by: int | None,
    now: datetime,
) -> None:
    # Where the clock went back, what was said last still comes last.
    holds_from = now if since_at is None else max(now, since_at + timedelta(microseconds=1))
    await connection.execute(
        """insert into ownership (account_id, effective_at, company, recorded_at)
           values ($1, $2, $3, $4)""",
        id_,
        holds_from,
        company,
        now,
    )
    await note_account(connection, id_, holds_from)
    await record_audit(connection, by, action, f"account:{id_}", {}, now)
