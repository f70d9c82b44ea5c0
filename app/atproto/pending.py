"""Somebody is on the way to their own server, until they come back.

Laws: a way back is good once, for ten minutes, for the session and the person that left; the session's key
lies encrypted also here.
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec
from redis.asyncio import Redis

from app.consent import Keys

LASTS_S: Final = 600


class Leaving(msgspec.Struct, frozen=True):
    """What is known of somebody who left."""

    person_id: int
    session: str  # a digest of their session's secret
    claim_id: int  # the account they say is theirs
    did: str
    handle: str
    pds: str
    issuer: str
    token: str
    revoke: str | None
    verifier: str
    key: str


async def remember(redis: Redis, keys: Keys, state: str, leaving: Leaving) -> None:
    """Keep it until they come back under this state."""
    sealed = keys.seal(msgspec.json.encode(leaving).decode())
    assert sealed is not None
    await redis.set(_key(state), sealed, ex=LASTS_S)


async def take(redis: Redis, keys: Keys, state: str) -> Leaving | None:
    """What was kept under a state, once; None for one that is unknown, used or too old."""
    kept = await redis.getdel(_key(state))
    opened = keys.open(kept.encode() if isinstance(kept, str) else kept)
    return None if opened is None else msgspec.json.decode(opened, type=Leaving)


def digest(secret: str) -> str:
    """What a session's secret is recognised by."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(state: str) -> str:
    return f"fanfare:atproto:{digest(state)}"
