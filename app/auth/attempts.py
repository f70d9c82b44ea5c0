"""How often somebody may try a password. Law: counted in Redis before the password is looked at, so
no number of parallel tries gets past the limit."""

from __future__ import annotations

import hashlib
from typing import Final

from redis.asyncio import Redis

WINDOW_S: Final = 15 * 60
PER_EMAIL: Final = 10  # a person who mistypes; guessing at this pace needs centuries
PER_ADDRESS: Final = 100  # a whole office may come from one address

# INCR and EXPIRE in one step: a counter without an end would lock somebody out for ever.
_COUNT: Final = """
local tries = redis.call('INCR', KEYS[1])
if tries == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return tries
"""


async def may_try(redis: Redis, email: str, address: str) -> bool:
    """Count a try; False when there were too many for this e-mail or from this address."""
    by_email = await _count(redis, _key("email", _one_spelling(email)))
    by_address = await _count(redis, _key("address", address))
    return by_email <= PER_EMAIL and by_address <= PER_ADDRESS


async def count_try(redis: Redis, kind: str, value: str) -> int:
    """Count a try of another kind, such as a pairing code typed; how many in the last WINDOW_S."""
    return await _count(redis, _key(kind, value))


async def forget(redis: Redis, email: str) -> None:
    """After a success the person begins anew."""
    await redis.delete(_key("email", _one_spelling(email)))


def _one_spelling(email: str) -> str:
    # Whatever PostgreSQL's lower() takes for the same address is counted as the same: it makes one
    # letter of each, where Python would make two of a capital I with a dot.
    return "".join(letter.lower()[:1] for letter in email.strip()).casefold()


async def _count(redis: Redis, key: str) -> int:
    answer = await redis.eval(_COUNT, 1, key, str(WINDOW_S))
    return int(answer)


def _key(kind: str, value: str) -> str:
    # Hashed: an e-mail address has no business in a cache.
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"fanfare:attempts:{kind}:{digest}"
