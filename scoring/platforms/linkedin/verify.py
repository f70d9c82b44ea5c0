"""LinkedIn's challenge and signature, both HMAC-SHA256 under the client secret.

Law: the challenge never signs what could be a delivery. Official form, learn.microsoft.com/linkedin/shared/
api-guide/webhook-validation, read 2026-11-01: the header is the hex digest of `hmacsha256=` and the body.
Others expect the digest of the body alone, with that word before it or not: the lenient form. Only a UUID
is ever signed as a challenge, and only an object is ever taken as a body, so neither passes for the other.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from scoring.platforms.platform import ChallengeRefused, NotVerified, Reply, Secrets
from scoring.platforms.signature import hmac_sha256

HEADER: Final = "x-li-signature"
_WORD: Final = "hmacsha256="
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def check_form(value: str) -> None:
    """Refuse what is no form of the signature. Raises ValueError."""
    if value not in ("strict", "lenient"):
        raise ValueError("must be strict or lenient")


def challenge(query: Mapping[str, str], secrets: Secrets) -> Reply | None:
    """The answer to a challenge that is a UUID. Raises ChallengeRefused, NotVerified."""
    code = query.get("challengeCode")
    if code is None:
        return None
    if not _UUID.fullmatch(code):
        raise ChallengeRefused("this challengeCode is no UUID: not signed")
    secret = secrets.one("client_secret")
    if secret is None:
        raise NotVerified("no secret is set for LinkedIn")
    answer = {
        "challengeCode": code,
        "challengeResponse": hmac_sha256(secret, code.encode()).hex(),
    }
    return Reply(msgspec.json.encode(answer), "application/json")


def verify(headers: Mapping[str, str], body: bytes, secrets: Secrets) -> str:
    """Prove a delivery; its key is its digest, for a retry has the same bytes. Raises NotVerified."""
    lenient = secrets.one("signature") == "lenient"
    given = _digest(headers.get(HEADER), lenient=lenient)
    expected = [
        hmac_sha256(secret, signed)
        for secret in secrets.every("client_secret")
        for signed in _signed(body, lenient=lenient)
    ]
    if not expected:
        raise NotVerified("no secret is set for LinkedIn")
    # Every one is tried, so that the time taken does not tell which one fits.
    fits = [hmac.compare_digest(each, given) for each in expected]
    if not any(fits):
        raise NotVerified("the signature does not fit the body")
    if not body.lstrip(b" \t\r\n").startswith(b"{"):
        raise NotVerified("the body is no JSON object, so the signature may come from a challenge")
    return hashlib.sha256(body).hexdigest()


def _signed(body: bytes, *, lenient: bool) -> Iterator[bytes]:
    yield _WORD.encode() + body
    if lenient:
        yield body


def _digest(header: str | None, *, lenient: bool) -> bytes:
    if not header:
        raise NotVerified("the signature is missing")
    text = header.removeprefix(_WORD) if lenient else header
    try:
        digest = binascii.unhexlify(text)
    except ValueError:  # binascii.Error is one; so is a header beyond ASCII
        raise NotVerified("the signature is not hex") from None
    if len(digest) != hashlib.sha256().digest_size:
        raise NotVerified("the signature has the wrong length")
    return digest
