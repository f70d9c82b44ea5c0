"""How a television without keyboard gets its key: it shows a code, an administrator types it.

Laws: a code holds ten minutes and works once, also when two people type it in the same moment; only
hashes of a television's secret are kept, in Redis alone; who guesses is stopped long before it helps.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from redis.asyncio import Redis

from app.auth.attempts import WINDOW_S, count_try
from rewards import Refused

# Nothing that is taken for something else across a room: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET: Final = "ACDEFGHJKMNPQRTWXY34679"
LENGTH: Final = 6  # 23^6 are 148 million
HOLDS: Final = timedelta(minutes=10)
TYPED_PER_PERSON: Final = 20  # in WINDOW_S
# A building's televisions may share one address, and each asks for a code twice in that time.
SHOWN_PER_ADDRESS: Final = 200
# For how long after it was added a television may ask for its key by the secret: it asks every
# few seconds, unless the network is away in between.
COLLECTED_WITHIN: Final = timedelta(hours=1)
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Pairing:
    """A code on a television; only that television knows the secret."""

    code: str
    secret: str
    expires_at: datetime

    @property
    def shown(self) -> str:
        """The code as it is read aloud: `ACD 349`."""
        return f"{self.code[:3]} {self.code[3:]}"


async def begin(
    redis: Redis, address: str, now: datetime | None = None, secret: str = ""
) -> Pairing:
    """A new code for a television. Refused when too many were asked for from its address.

    `secret`: the one it has from an earlier code. It keeps it, for somebody may be about to name the
    screen whose code they typed.
    """
    if await count_try(redis, "pairing", address) > SHOWN_PER_ADDRESS:
        minutes = WINDOW_S // 60
        raise Refused(f"Too many codes were asked for from here. Please wait {minutes} minutes.")
    now = now or datetime.now(UTC)
    secret = secret if _SECRET.fullmatch(secret) else secrets.token_urlsafe(32)
    seconds = int(HOLDS.total_seconds())
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if await redis.set(_by_code(code), hashed(secret).hex(), ex=seconds, nx=True):
            break
    await redis.set(_by_secret(secret), f"{code} {(now + HOLDS).isoformat()}", ex=seconds)
    return Pairing(code, secret, now + HOLDS)


async def code_of(redis: Redis, secret: str) -> Pairing | None:
    """The code a television shows; None when it is over or was used."""
    kept: Any = await redis.get(_by_secret(secret))
    if kept is None:
        return None
    code, expires_at = kept.decode().split()
    if not await redis.exists(_by_code(code)):
        return None
    return Pairing(code, secret, datetime.fromisoformat(expires_at))


async def take(redis: Redis, code: str, by: int) -> bytes | None:
    """Use a typed code up: the hash of its television's secret, or None for a wrong or old one.

    Every try counts. Refused when a person tried too often.
    """
    if await count_try(redis, "pairing-typed", str(by)) > TYPED_PER_PERSON:
        minutes = WINDOW_S // 60
        raise Refused(
            f"Too many tries. Please wait {minutes} minutes, then try again.", field="code"
        )
    code = read_code(code)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    kept: Any = await redis.getdel(_by_code(code))
    return None if kept is None else bytes.fromhex(kept.decode())


def read_code(typed: str) -> str:
    """A code as somebody types it: in small letters, with spaces or dashes; '' for what is none."""
    return "".join(letter for letter in typed[:32].upper() if letter not in " \t-\u00a0\u2013")


def hashed(secret: str) -> bytes:
    """What is kept of a television's secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _by_code(code: str) -> str:
    return f"fanfare:pairing:code:{code}"


def _by_secret(secret: str) -> str:
    return f"fanfare:pairing:secret:{hashed(secret).hex()}"
