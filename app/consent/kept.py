"""Consents as they lie: read, written, taken out of use.

Laws: a consent is good only for whom the account belongs to now, whatever the row says, so that nothing
is asked in the name of somebody who left; what is written is encrypted with the first key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from app.consent.keys import Keys
from app.database import Connection
from scoring import Granted, record_audit

State = Literal["given", "expiring", "refused", "withdrawn"]
# How long a person has to renew a consent that ended, and loses no contest by it. Longer than a vacation
# of two weeks minus the warning they had; longer than settling (72 h) by far.
GRACE: Final = timedelta(days=14)
# How long before its end somebody is told of a consent that only they can renew.
WARNING: Final = timedelta(days=14)
# A token is renewed so long before it ends: more than a round of polls and any skew of clocks.
AHEAD: Final = timedelta(minutes=5)
# What renews itself is looked at so often, which also notices that the network took it back.
_LOOK_EVERY: Final = timedelta(days=1)

_COLUMNS: Final = (
    "id, account_id, person_id, platform, server, state, scopes, access, refresh, besides, expires_at,"
    " ends_at, lost_at, grace_until, given_at"
)
# Whose the account is by what was said last; a record that turned out to be another's is that person.
_OWNED: Final = """exists (
    select from (select person_id, company from ownership where account_id = c.account_id
                 order by effective_at desc, id desc limit 1) o
    where o.company or o.person_id = coalesce((select into_id from same_person
      where record_id = c.person_id order by id desc limit 1), c.person_id))"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A consent, opened."""

    id: int
    account_id: UUID
    person_id: int
    platform: str
    server: str | None
    state: State
    scopes: frozenset[str]
    access: str | None = field(repr=False)
    refresh: str | None = field(repr=False)
    besides: Mapping[str, str] = field(repr=False, hash=False)
    expires_at: datetime | None
    ends_at: datetime | None
    lost_at: datetime | None
    grace_until: datetime | None
    given_at: datetime

    def stale(self, now: datetime) -> bool:
        """Whether the token must be renewed before it is used."""
        return self.expires_at is not None and self.expires_at - AHEAD <= now

    def works(self, now: datetime) -> bool:
        """Whether a network should still take the token."""
        return self.access is not None and (self.expires_at is None or self.expires_at > now)


async def keep(
    connection: Connection,
    keys: Keys,
    account_id: UUID,
    person_id: int,
    platform: str,
    granted: Granted,
    *,
    server: str | None,
    asked: frozenset[str],
    renews: bool,
    now: datetime,
) -> None:
    """Keep what a person gave just now, in place of what they gave before.

    `renews`: whether Fanfare can renew the token by itself. Inside the caller's transaction, with the
    account linked.
    """
    # What was given before is told to the network as not needed any more, by a worker.
    await connection.execute(
        """update consent set state = 'withdrawn', reason = 'replaced', grace_until = null, due_at = $2,
             changed_at = $2 where account_id = $1 and state <> 'withdrawn'""",
        account_id,
        now,
    )
    values = _values(keys, granted, renews=renews, given_at=now, now=now)
    await connection.execute(
        """insert into consent (account_id, person_id, platform, server, state, scopes, access, refresh,
             besides, sealed_by, expires_at, ends_at, due_at, given_at, changed_at)
           values ($1, $2, $3, $4, 'given', $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)""",
        account_id,
        person_id,
        platform,
        server,
        sorted(granted.scopes if granted.scopes is not None else asked),
        *values,
        now,
    )
    detail = {"scopes": sorted(asked)}
    await record_audit(connection, person_id, "consent_given", f"account:{account_id}", detail, now)


async def renewed(
    connection: Connection, keys: Keys, kept: Kept, granted: Granted, *, renews: bool, now: datetime
) -> Kept:
    """Keep what a network gave in place of what it had given, and return it."""
    whole = Granted(
        granted.access,
        granted.refresh or kept.refresh,  # a network that does not rotate sends none
        granted.lasts_s,
        granted.refresh_lasts_s,
        granted.scopes,
        {**kept.besides, **granted.besides},
    )
    values = _values(keys, whole, renews=renews, given_at=kept.given_at, now=now)
    row = await connection.fetchrow(
        f"""update consent c set access = $2, refresh = $3, besides = $4, sealed_by = $5,
              expires_at = $6, ends_at = coalesce($7, ends_at), due_at = $8, changed_at = $9,
              lost_at = null, grace_until = null, reason = null,
              state = case when coalesce($7, ends_at) - $10::interval <= $9 then state else 'given' end
            where id = $1 returning {_COLUMNS}""",
        kept.id,
        *values,
        now,
        WARNING,
    )
    return _opened(row, keys)


async def live(
    connection: Connection, keys: Keys, account_id: UUID, *, locked: bool = False
) -> Kept | None:
    """The consent of an account that is not withdrawn and whose giver has the account now."""
    row = await connection.fetchrow(
        f"select {_COLUMNS} from consent c where account_id = $1 and state <> 'withdrawn' and {_OWNED}"
        + (" for no key update" if locked else ""),
        account_id,
    )
    return None if row is None else _opened(row, keys)


async def by_id(
    connection: Connection, keys: Keys, id_: int, *, locked: bool = False
) -> Kept | None:
    """A consent in whatever state, or None where it is gone; locked: also None where somebody is at it."""
    row = await connection.fetchrow(
        f"select {_COLUMNS} from consent c where id = $1"
        + (" for no key update skip locked" if locked else ""),
        id_,
    )
    return None if row is None else _opened(row, keys)


def _opened(row: Any, keys: Keys) -> Kept:
    return Kept(
        row["id"],
        row["account_id"],
        row["person_id"],
        row["platform"],
        row["server"],
        row["state"],
        frozenset(row["scopes"]),
        keys.open(row["access"]),
        keys.open(row["refresh"]),
        json.loads(keys.open(row["besides"]) or "{}"),
        row["expires_at"],
        row["ends_at"],
        row["lost_at"],
        row["grace_until"],
        row["given_at"],
    )


def _values(
    keys: Keys, granted: Granted, *, renews: bool, given_at: datetime, now: datetime
) -> tuple[Any, ...]:
    """What a grant becomes in the row: sealed, with its moments."""
    expires_at = _after(granted.lasts_s, now)
    ends_at = _after(granted.refresh_lasts_s, now) if renews else expires_at
    return (
        keys.seal(granted.access),
        keys.seal(granted.refresh),
        keys.seal(json.dumps(dict(granted.besides))) if granted.besides else None,
        keys.name,
        expires_at,
        ends_at,
        _due(expires_at, ends_at, renews=renews, given_at=given_at, now=now),
    )


def warns_at(ends_at: datetime, given_at: datetime) -> datetime:
    """When its owner is told that a consent ends: two weeks ahead, or half of a shorter life."""
    return ends_at - min(WARNING, (ends_at - given_at) / 2)


def _due(
    expires_at: datetime | None,
    ends_at: datetime | None,
    *,
    renews: bool,
    given_at: datetime,
    now: datetime,
) -> datetime | None:
    """When a consent must be looked at: to renew it, to warn its owner, to end it. None: never."""
    moments = []
    if ends_at is not None:
        warning = warns_at(ends_at, given_at)
        moments.append(warning if warning > now else ends_at)
    if renews and expires_at is not None:
        # A long life is renewed at half of it; a short one by whoever uses it, and once a day.
        moments.append(now + max((expires_at - now) / 2, _LOOK_EVERY))
    return min(moments, default=None)


def _after(lasts_s: int | None, now: datetime) -> datetime | None:
    return None if lasts_s is None else now + timedelta(seconds=lasts_s)
