"""Passwords: argon2id, never kept, checked in the same time whether or not the person exists."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106 section 4, second recommended option: 3 passes over 64 MiB with 4 lanes.
_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
LEAST_LENGTH: Final = 10  # long enough with rate-limited attempts; NIST SP 800-63B-4 asks for 8
MOST_LENGTH: Final = 1024  # longer ones only cost time
# Two at a time: each needs 64 MiB and a core for about 50 ms.
_AT_ONCE: Final = asyncio.Semaphore(2)


class PasswordUnfit(ValueError):
    """The password cannot be used; the message says why, for the person."""


def fit(password: str, *, email: str, name: str) -> str:
    """Return a password that may be used, or say why it may not."""
    if len(password) < LEAST_LENGTH:
        raise PasswordUnfit(f"Use at least {LEAST_LENGTH} characters; a short sentence is good.")
    if len(password) > MOST_LENGTH:
        raise PasswordUnfit(f"Use at most {MOST_LENGTH} characters.")
    plain = squeezed(password)
    easy = {squeezed(email), squeezed(email.split("@")[0]), squeezed(name)}
    if plain in easy or plain in {part * 2 for part in easy}:
        raise PasswordUnfit("Your name or e-mail address is the first thing others would try.")
    if len(set(password)) < 4:
        raise PasswordUnfit("Use more different characters.")
    return password


def squeezed(text: str) -> str:
    """Letters and digits only, in one case: 'Ada Lovelace' and 'ada.lovelace' are the same."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


async def hashed(password: str) -> str:
    """The hash to keep."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_HASHER.hash, password)


async def matches(password: str, kept: str | None) -> bool:
    """Whether a password belongs to the kept hash; takes as long when there is none."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_verify, password[:MOST_LENGTH], kept)


def outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def _verify(password: str, kept: str | None) -> bool:
    try:
        _HASHER.verify(kept or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobodys_hash() -> str:
    """A hash of a password nobody has, so that unknown people cost as much time as known ones."""
    return _HASHER.hash("nobody has this password, and nothing is compared with it")
