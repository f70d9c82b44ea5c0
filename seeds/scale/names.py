"""Ids of the large company's accounts, posts and engagements: `scoring.identity`, for bytes, in bulk.

Law: the same name has the same id as there; a test holds the two against each other.
"""

from __future__ import annotations

from hashlib import blake2b

_ACCOUNT = b"account\x1fstandard\x1f"
_NATIVE = b"native\x1fstandard\x1f"
_DEED = b"engagement\x1fstandard\x1f"


def account_key(name: bytes) -> bytes:
    """The id of an account."""
    return blake2b(_ACCOUNT + name, digest_size=16).digest()


def native(name: bytes) -> bytes:
    """The key of a post or of any other thing on the network."""
    return blake2b(_NATIVE + name, digest_size=16).digest()


def deed_key(kind: str, name: bytes, target: bytes | None) -> bytes:
    """The id of an engagement; `target` is the id of an account."""
    whole = b"%b%b\x1f%b\x1f%b" % (
        _DEED, kind.encode(), name, b"" if target is None else target.hex().encode()
    )  # fmt: skip
    return blake2b(whole, digest_size=16).digest()


def credit(parts: list[str]) -> bytes:
    """The key that counts once."""
    return blake2b("\x1f".join(["credit", *parts]).encode(), digest_size=16).digest()


def dashed(key: bytes) -> str:
    """An id as text, as a UUID is written."""
    text = key.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
