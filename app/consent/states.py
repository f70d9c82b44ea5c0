"""How a person's consents stand, for their page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from scoring import platforms

_WHY: Final = {
    "over": "its time was over",
    "taken_back": "it was taken back there, or the password changed",
    "answer_lost": "it was renewed there, but the answer got lost on its way",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A consent that one gave and did not take back."""

    account_id: UUID
    platform: str
    handle: str
    state: str  # given, expiring, refused
    given_at: datetime
    ends_at: datetime | None
    grace_until: datetime | None
    why: str | None
    server: str | None
    in_grace: bool
    kind: str  # of page; empty: an account
    unreadable: bool  # no key that is set opens it
    renews: bool  # it ends and is renewed without them; else it does not end by itself


async def consents_of(connection: Any, person_id: int, now: datetime) -> list[Standing]:
    """The consents of the accounts that are a person's now, by network and name."""
    rows = await connection.fetch(
        """select c.account_id, c.platform, coalesce(f.handle, a.native_id) as handle, c.state,
             c.given_at, c.expires_at, c.ends_at, c.grace_until, c.reason, c.server,
             c.aside_at, c.scopes
           from consent c join account a on a.id = c.account_id
           left join account_face f on f.account_id = a.id
           where c.state <> 'withdrawn' and $1 = (
             select o.person_id from ownership o where o.account_id = c.account_id
             order by o.effective_at desc, o.id desc limit 1)
           order by c.platform, handle""",
        person_id,
    )
    return [standing(row, now) for row in rows]


def standing(row: Any, now: datetime) -> Standing:
    """One row of a consent, with its account's name, as a page says it."""
    return Standing(
        account_id=row["account_id"],
        platform=row["platform"],
        handle=row["handle"],
        state=row["state"],
        given_at=row["given_at"],
        ends_at=row["ends_at"],
        grace_until=row["grace_until"],
        why=_WHY.get(row["reason"] or ""),
        server=row["server"],
        in_grace=row["grace_until"] is not None and row["grace_until"] > now,
        unreadable=row["aside_at"] is not None,
        kind=_kind(row["platform"], frozenset(row["scopes"])),
        renews=row["expires_at"] is not None,
    )


def _kind(network: str, scopes: frozenset[str]) -> str:
    """The kind of page that a consent is for; empty: an account."""
    known = platforms().get(network)
    for kind, consent in known.page_consents.items() if known is not None else ():
        if {scope.name for scope in consent.scopes} <= scopes:
            return kind
    return ""
