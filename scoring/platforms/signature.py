"""Proving a sender by an HMAC over the raw bytes. Law: digests are compared as bytes in constant
time, and a malformed header is a refusal, never an error of ours."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Literal

from scoring.platforms.platform import NotVerified

_PREFIX = "sha256="
_DIGEST_BYTES = 32


def hmac_sha256(secret: str, signed: bytes) -> bytes:
    """The digest of bytes under a secret used as text."""
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def plain_base64(text: str) -> bytes:
    """The bytes behind base64 as it is written, whose last letter has bits of no meaning: they are 0.
    Raises ValueError."""
    found = base64.b64decode(text, validate=True)
    if base64.b64encode(found).decode() != text:
        raise ValueError("bits of no meaning are set")
    return found


def prove(
    header: str | None, encoding: Literal["hex", "base64"], secrets: tuple[str, ...], body: bytes
) -> None:
    """Raise NotVerified unless a header `sha256=…` holds the digest under one of the secrets."""
    if not secrets:
        raise NotVerified("no secret is set for this network")
    given = _digest(header, encoding)
    # Every secret is tried, so that the time taken does not tell which one fits.
    fits = [hmac.compare_digest(hmac_sha256(secret, body), given) for secret in secrets]
    if not any(fits):
        raise NotVerified("the signature does not fit the body")


def _digest(header: str | None, encoding: Literal["hex", "base64"]) -> bytes:
    if not header:
        raise NotVerified("the signature is missing")
    if not header.startswith(_PREFIX):
        raise NotVerified(f"the signature does not begin with {_PREFIX}")
    text = header.removeprefix(_PREFIX)
    try:
        if encoding == "hex":
            digest = binascii.unhexlify(text)
        else:
            digest = plain_base64(text)
    except ValueError:  # binascii.Error is one; so is a header beyond ASCII
        raise NotVerified(f"the signature is not {encoding}") from None
    if len(digest) != _DIGEST_BYTES:
        raise NotVerified("the signature has the wrong length")
    return digest
