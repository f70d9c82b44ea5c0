"""What was granted and is not kept is taken back at its network at once.

Law: nothing that works for the account's owner ends by it.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from app.consent.apps import consent_at
from app.consent.kept import Kept
from app.consent.pending import Leaving
from app.consent.renewing import few_at_once, revoke
from app.going_out import NotReachable, Outside
from app.settings import Settings
from scoring import Consent, Granted, NotGranted, account_id


async def give_back(
    pool: Any,
    settings: Settings,
    outside: Outside,
    leaving: Leaving,
    granted: Granted,
    now: datetime,
) -> None:
    """Take back what was given and is not kept, as far as the network lets us."""
    consent = consent_at(leaving.network, leaving.kind)
    assert consent is not None, "they left for it"
    nobodys = account_id(leaving.network, "nobody’s")
    fresh = as_kept(leaving, nobodys, granted, consent, now)
    with suppress(NotGranted, NotReachable):
        async with few_at_once(), pool.acquire() as connection:
            await revoke(connection, settings, outside, fresh)


async def has_one(pool: Any, leaving: Leaving) -> bool:
    """Whether this person has let Fanfare see an account of that network before."""
    async with pool.acquire() as connection:
        has: bool = await connection.fetchval(
            """select exists (select from consent where person_id = $1 and platform = $2
                              and state in ('given', 'expiring'))""",
            leaving.person_id,
            leaving.network,
        )
    return has


def as_kept(leaving: Leaving, id_: UUID, granted: Granted, consent: Consent, now: datetime) -> Kept:
    """What was given as if it were kept, for those who ask about what is."""
    scopes = granted.scopes or frozenset(scope.name for scope in consent.scopes)
    return Kept(
        0, id_, leaving.person_id, leaving.network, leaving.server, "given", scopes, granted.access,
        granted.refresh, granted.besides, now if granted.lasts_s else None, None, None, None, now,
    )  # fmt: skip
