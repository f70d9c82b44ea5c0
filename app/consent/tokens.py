"""A token to ask a network with, renewed in time.

Laws: one renews at a time, so that a network which gives each token once gives it to us; what a network
gave is committed at once; a token of somebody who unlinked the account is never handed out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.consent.ending import Why, end_consent
from app.consent.kept import Kept, live, renewed
from app.consent.keys import Keys
from app.consent.renewing import renew, renews
from app.going_out import NotReachable, Outside
from app.settings import Settings
from scoring import NotGranted


@dataclass(frozen=True, slots=True)
class Token:
    """What a network is asked with."""

    access: str = field(repr=False)
    scopes: frozenset[str]
    server: str | None  # the person's own server, an origin
    expires_at: datetime | None
    besides: Mapping[str, str] = field(repr=False, hash=False)  # such as the key it is bound to


async def token_of(
    connection: Any,
    settings: Settings,
    outside: Outside,
    account_id: UUID,
    now: datetime | None = None,
) -> Token | None:
    """The token of an account, renewed if need be; None: there is no consent that works.

    `connection` must not be inside a transaction: what a network gives is committed here, for it may
    give it once. Raises NotReachable (app.going_out) where the token is over and the network cannot be
    asked for another one now.
    """
    if connection.is_in_transaction():
        raise RuntimeError("token_of commits what a network gives: call it outside a transaction.")
    now = now or datetime.now(UTC)
    keys = Keys.of(settings)
    kept = await live(connection, keys, account_id)
    if kept is None or kept.state == "refused":
        return None
    if kept.stale(now) and (await renews(connection, settings, kept) or not kept.works(now)):
        kept = await renew_kept(connection, settings, outside, account_id, now)
    return None if kept is None else _token(kept)


async def token_refused(
    connection: Any, settings: Settings, account_id: UUID, now: datetime | None = None
) -> None:
    """A network did not take a token that should work (401): renew it next time, or end the consent.

    One that can be renewed is over from now on, so that the next `token_of` asks for another one; what
    cannot be renewed is refused, its owner told, and their days of grace begin.
    """
    now = now or datetime.now(UTC)
    keys = Keys.of(settings)
    async with connection.transaction():
        kept = await live(connection, keys, account_id, locked=True)
        if kept is None or kept.state == "refused":
            return
        if not kept.stale(now) and await renews(connection, settings, kept):
            await connection.execute(
                "update consent set expires_at = $2, due_at = $2 where id = $1", kept.id, now
            )
        else:
            await end_consent(connection, kept, "taken_back", now)


async def renew_kept(
    connection: Any,
    settings: Settings,
    outside: Outside,
    account_id: UUID,
    now: datetime,
    *,
    early: bool = False,
) -> Kept | None:
    """Renew an account's token unless somebody just did; None where its consent ended by it.

    `early`: also a token that works for a while yet. Raises NotReachable where nobody answered and the
    token is over; whether the network renewed it is not known then, and asked again next time.
    """
    keys = Keys.of(settings)
    away: NotReachable | None = None
    # The lock is held while the network is asked: whoever else wants the token waits for this one.
    async with connection.transaction():
        kept = await live(connection, keys, account_id, locked=True)
        if kept is None or kept.state == "refused":
            return None
        if not (early or kept.stale(now)):
            return kept
        can = await renews(connection, settings, kept)
        if not can:
            if kept.works(now):
                return kept
            await end_consent(connection, kept, "over", now)
            return None
        try:
            granted = await renew(connection, settings, outside, kept)
        except NotGranted as refusal:
            if refusal.final:
                why: Why = "answer_lost" if kept.lost_at is not None else "taken_back"
                await end_consent(connection, kept, why, now)
                return None
            away = NotReachable(f"The network gave no token ({refusal.code}).")
        except NotReachable as fault:
            away = fault
            await connection.execute(
                "update consent set lost_at = coalesce(lost_at, $2) where id = $1", kept.id, now
            )
        else:
            return await renewed(connection, keys, kept, granted, renews=True, now=now)
    if kept.works(now):
        return kept
    raise away


def _token(kept: Kept) -> Token:
    return Token(kept.access or "", kept.scopes, kept.server, kept.expires_at, kept.besides)
