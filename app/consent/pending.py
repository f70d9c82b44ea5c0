"""Somebody is on the way: what they chose before they left for a network, until they come back.

Laws: a way back is good once, for ten minutes, for the session and the person that left, and for the
network and server they left for; who can read Redis can use none.
"""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

import msgspec
from redis.asyncio import Redis

from scoring import Counts

LASTS_S: Final = 600


class Leaving(msgspec.Struct, frozen=True):
    """What is known of somebody who left for a network."""

    person_id: int
    session: str  # a digest of their session's secret
    network: str
    server: str | None
    verifier: str
    counts: Counts
    professional: bool
    disclaimer: bool
    account_id: UUID | None = (
        None  # the account whose consent is given anew; the company's, if it is one
    )
    kind: str = ""  # of page: "page", their own; "company", the company's; empty: their account


async def remember(redis: Redis, state: str, leaving: Leaving) -> None:
    """Keep it until they come back under this state."""
    await redis.set(_key(state), msgspec.json.encode(leaving), ex=LASTS_S)


async def take(redis: Redis, state: str) -> Leaving | None:
    """What was kept under a state, once; None for one that is unknown, used or too old."""
    kept = await redis.getdel(_key(state))
    return None if kept is None else msgspec.json.decode(kept, type=Leaving)


def digest(secret: str) -> str:
    """What a session's secret is recognised by."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(state: str) -> str:
    return f"fanfare:consent:{digest(state)}"
