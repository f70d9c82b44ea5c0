"""Somebody leaves for their own server.

Law: the account is known, by its DID, before anybody leaves; only that one is linked afterwards.
"""

from __future__ import annotations

from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from redis.asyncio import Redis

from app.atproto.client import client_id, ready
from app.atproto.keys import new_key, written
from app.atproto.pending import Leaving, digest, remember
from app.atproto.requests import push
from app.atproto.servers import CannotAsk, server_that_asks
from app.consent import Keys
from app.consent.oauth import fresh_secret
from app.going_out import NotReachable, Outside
from app.proofs import Claim, answered
from app.settings import Settings
from scoring import NotGranted, NotSeen, bluesky_identity


class CannotLeave(Exception):
    """The server cannot ask people now; the message says why and what to do."""


async def leave(
    redis: Redis, settings: Settings, outside: Outside, claim: Claim, session: str
) -> str:
    """The address of the page where the server of a claim's account asks its owner; `session` is the
    secret of theirs here. Raises CannotLeave."""
    if not ready(settings):
        raise CannotLeave(
            "Fanfare has no address by https that Bluesky’s servers could know it by."
        )
    key, state, verifier = new_key(), fresh_secret(), fresh_secret()
    try:
        who = await answered(
            outside, bluesky_identity(claim.native_id, settings.secrets_of("bluesky"))
        )
        if who.pds is None:
            raise CannotLeave("This account’s document names no server that keeps it.")
        asks = await answered(outside, server_that_asks(who.pds))
        named = await push(
            settings, outside, asks, key,
            state=state, challenge=create_s256_code_challenge(verifier), hint=who.handle or who.did,
        )  # fmt: skip
    except (NotSeen, CannotAsk, NotReachable) as why:
        raise CannotLeave(str(why)) from None
    except NotGranted as refusal:
        raise CannotLeave(
            f"Your server does not take Fanfare’s request ({refusal.code}). Show the account "
            "another way, or try again later."
        ) from None
    left = Leaving(
        claim.person_id, digest(session), claim.id, who.did, who.handle or who.did, who.pds,
        asks.issuer, asks.token, asks.revoke, verifier, written(key),
    )  # fmt: skip
    await remember(redis, Keys.of(settings), state, left)
    return f"{asks.page}?" + urlencode({"client_id": client_id(settings), "request_uri": named})
