"""Accounts of people: link, unlink, choose what counts.

Law: each is a fact that holds from a moment on and is told to the scoring in the same transaction;
an account belongs to one person, or to the company, at a time; what was said of it last holds last,
also where the clock went back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from scoring.audit import record_audit
from scoring.changes import note_account
from scoring.connection import Connection
from scoring.identity import account_id
from scoring.platforms import platform
from scoring.platforms.platform import Named, UnknownPlatform

Counts = Literal["every", "disclosed", "handed_in"]


class AccountTaken(Exception):
    """The account is somebody else's already, or the company's."""


class NotYours(Exception):
    """The account or post does not belong to this person now."""


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose an account is: a person's, with what counts, the company's, or nobody's; and since when."""

    person_id: int | None
    company: bool
    counts: str | None
    since_at: datetime


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """An account a person has linked now, since when, and what may count."""

    id: UUID
    platform: str
    native_id: str
    handle: str
    url: str | None
    counts: Counts
    professional: bool
    disclaimer: bool
    since_at: datetime

    @property
    def named(self) -> Named:
        """The account, with the name it has at its server where its page has another host than its name."""
        user, at, host = self.native_id.partition("@")
        page = urlsplit(self.url or "").netloc
        return Named(
            self.native_id, self.handle, f"{user}@{page}" if at and page not in ("", host) else None
        )


async def accounts_of(connection: Connection, person_id: int, now: datetime) -> list[LinkedAccount]:
    """The accounts that are a person's now, by network and name."""
    rows = await connection.fetch(
        """select a.id, a.platform, a.native_id, coalesce(f.handle, a.native_id) as handle, f.url,
                  o.counts, coalesce(f.professional, false), coalesce(f.disclaimer, false),
                  o.effective_at
           from (select distinct on (account_id) * from ownership
                 where account_id in (select account_id from ownership where person_id = $1)
                   and effective_at <= $2
                 order by account_id, effective_at desc, id desc) o
           join account a on a.id = o.account_id
           left join account_face f on f.account_id = a.id
           where o.person_id = $1 order by a.platform, handle""",
        person_id,
        now,
    )
    return [LinkedAccount(*row.values()) for row in rows]


async def link(
    connection: Connection,
    person_id: int,
    network: str,
    named: Named,
    counts: Counts,
    now: datetime,
    *,
    professional: bool = False,
    disclaimer: bool = False,
) -> UUID:
    """Link an account to a person from now on and return its id. Raises AccountTaken."""
    id_ = await know_account(connection, network, named, now)
    owner = await _owner(connection, id_)
    if owner is not None and (owner.company or owner.person_id not in (None, person_id)):
        raise AccountTaken(f"{network} {named.native_id}")
    await _under_one_name(connection, person_id, network, named, now)
    await connection.execute(
        """insert into account_face (account_id, handle, url, professional, disclaimer)
           values ($1, $2, $3, $4, $5)
           on conflict (account_id) do update set handle = excluded.handle, url = excluded.url,
             professional = excluded.professional, disclaimer = excluded.disclaimer""",
        id_,
        named.handle,
        profile_url(network, named),
        professional,
        disclaimer,
    )
    if owner is None or owner.person_id != person_id or owner.counts != counts:
        await _own(connection, id_, owner, person_id, counts, "linked", now)
    return id_


async def _under_one_name(
    connection: Connection, person_id: int, network: str, named: Named, now: datetime
) -> None:
    """End what was linked under the other name of the same account. Raises AccountTaken where that is
    somebody else's."""
    if named.also is None:
        return
    other = account_id(network, named.also)
    owner = await _owner(connection, other)
    if owner is None or (owner.person_id is None and not owner.company):
        return
    if owner.person_id != person_id:
        raise AccountTaken(f"{network} {named.also}")
    await _own(connection, other, owner, None, None, "unlinked", now, by=person_id)


async def know_account(connection: Connection, network: str, named: Named, now: datetime) -> UUID:
    """Write down that there is such an account, nobody's as yet; its id."""
    id_ = account_id(network, named.native_id)
    await connection.execute(
        """insert into account (id, platform, native_id, recorded_at) values ($1, $2, $3, $4)
           on conflict do nothing""",
        id_,
        network,
        named.native_id,
        now,
    )
    return id_


async def change_counting(
    connection: Connection, person_id: int, id_: UUID, counts: Counts, now: datetime
) -> None:
    """Choose anew what of an account may count, from now on. Raises NotYours."""
    owner = await _owned_by(connection, id_, person_id)
    if owner.counts != counts:
        await _own(connection, id_, owner, person_id, counts, "counting_changed", now)


async def unlink(connection: Connection, person_id: int, id_: UUID, now: datetime) -> None:
    """From now on nothing of the account counts or is kept for this person. Raises NotYours."""
    owner = await _owned_by(connection, id_, person_id)
    await _own(connection, id_, owner, None, None, "unlinked", now, by=person_id)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose an account is now: somebody's, or the company's (`person_id` None)."""

    person_id: int | None
    since_at: datetime


async def holder_of(connection: Connection, id_: UUID, *, locked: bool = False) -> Holder | None:
    """Whose an account is by what was said of it last; None: nobody's.

    `locked`: until the transaction ends nobody links or unlinks it, if it was ever linked.
    """
    if locked:
        await connection.fetchval("select id from account where id = $1 for update", id_)
    row = await connection.fetchrow(
        """select person_id, company, effective_at from ownership where account_id = $1
           order by effective_at desc, id desc limit 1""",
        id_,
    )
    if row is None or (row["person_id"] is None and not row["company"]):
        return None
    return Holder(row["person_id"], row["effective_at"])


async def linked_last(connection: Connection, person_id: int) -> list[UUID]:
    """The accounts that are a person's by what was said of them last, whatever the clock says."""
    rows = await connection.fetch(
        """select account_id from (
             select distinct on (account_id) account_id, person_id from ownership
             where account_id in (select account_id from ownership where person_id = $1)
             order by account_id, effective_at desc, id desc) last
           where person_id = $1 order by account_id""",
        person_id,
    )
    return [row["account_id"] for row in rows]


def profile_url(network: str, named: Named) -> str | None:
    """Where people can see the account, if its network has such a page."""
    try:
        return platform(network).profile_url(named.also or named.native_id, named.handle)
    except UnknownPlatform:
        return None


async def _owner(connection: Connection, id_: UUID) -> _Owner | None:
    """Whose an account is by what was said last; where the clock went back, that may hold from later."""
    # Locked, so that two people who link one account at the same moment come one after the other.
    await connection.fetchval("select id from account where id = $1 for update", id_)
    row = await connection.fetchrow(
        """select person_id, company, counts, effective_at from ownership
           where account_id = $1 order by effective_at desc, id desc limit 1""",
        id_,
    )
    return None if row is None else _Owner(*row.values())


async def _owned_by(connection: Connection, id_: UUID, person_id: int) -> _Owner:
    owner = await _owner(connection, id_)
    if owner is None or owner.person_id != person_id:
        raise NotYours(str(id_))
    return owner


async def _own(
    connection: Connection,
    id_: UUID,
    before: _Owner | None,
    person_id: int | None,
    counts: Counts | None,
    action: str,
    now: datetime,
    *,
    by: int | None = None,
) -> None:
    # Where the clock went back, what was said last still comes last.
    holds_from = now if before is None else max(now, before.since_at + timedelta(microseconds=1))
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, $2, $3, false, $4, $5)""",
        id_,
        holds_from,
        person_id,
        counts,
        now,
    )
    await note_account(connection, id_, holds_from)
    await record_audit(
        connection, person_id or by, action, f"account:{id_}", {"counts": counts}, now
    )
