"""Somebody leaves for a network: what they chose is kept, and the network's page gets its address.

Law: what the page of the network will ask for was in words before them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from redis.asyncio import Redis

from app.consent.apps import NoApp, client_at, consent_at, redirect_uri
from app.consent.oauth import fresh_secret, leaving
from app.consent.pending import Leaving, remember
from app.going_out import NotReachable, Outside
from app.proofs import answered
from app.settings import Settings
from scoring import NotGranted


class CannotLeave(Exception):
    """The network, or the server, cannot ask people now; the message says why and what to do."""


async def leave(
    pool: Any,
    redis: Redis,
    settings: Settings,
    outside: Outside,
    chosen: Leaving,
    now: datetime,
    *,
    typed: str = "",
) -> str:
    """The address of the page where the network asks them. Raises CannotLeave.

    `chosen` needs no verifier yet; `typed` is what named its server, which may be another one's name.
    """
    consent = consent_at(chosen.network, chosen.kind)
    if consent is None:
        raise CannotLeave("There is no such way on this network.")
    consent = consent.asking(settings.secrets_of(chosen.network))
    try:
        try:
            client = await client_at(pool, settings, outside, chosen.network, chosen.server, now)
        except (NotGranted, NotReachable):
            server = await answered(outside, consent.elsewhere(typed)) if typed else None
            if server in (None, chosen.server):
                raise
            chosen = msgspec.structs.replace(chosen, server=server)
            client = await client_at(pool, settings, outside, chosen.network, server, now)
    except NoApp as why:
        raise CannotLeave(f"{why} An administrator sets one.") from None
    except NotGranted as refusal:
        raise CannotLeave(
            f"That server does not take Fanfare as an app ({refusal.code}). Is it a server of "
            "Mastodon’s? Look at its name, or link the account another way."
        ) from None
    except NotReachable as why:
        raise CannotLeave(f"{why} Look at the server’s name, or try again later.") from None
    state, verifier = fresh_secret(), fresh_secret()
    await remember(redis, state, msgspec.structs.replace(chosen, verifier=verifier))
    redirect = redirect_uri(settings, chosen.network, chosen.server)
    return leaving(consent, client, chosen.server, redirect, state, verifier)
