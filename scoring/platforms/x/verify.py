"""X's handshake (CRC) and signatures, both HMAC-SHA256 with one key.

Law: the handshake never signs what could be a delivery. Whoever asks us for the CRC of a JSON
object would hold a valid signature for it, so such a token is refused, and a signed body that is no
JSON object, the only kind the handshake could have signed, is refused too.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

import msgspec

from scoring.platforms.platform import ChallengeRefused, NotVerified, Reply, Secrets
from scoring.platforms.signature import hmac_sha256, prove

# Documented since September 2026 by those who use it; keyed with the OAuth 2.0 client secret.
NEW_HEADER = "x-twitter-webhooks-signature-oauth2"
# docs.x.com, read 2026-08-22; keyed with the consumer secret.
OLD_HEADER = "x-twitter-webhooks-signature"

# X's own tokens are short words of letters, digits, '-' and '_'; none has brackets, quotes or
# blanks.
_TOKEN = re.compile(r"[!#-Z^-z|~]{1,512}")


class _Named(msgspec.Struct):
    event_uuid: str | int
    event_type: str
    filter: msgspec.Raw = msgspec.Raw(b"{}")


class _Envelope(msgspec.Struct):
    data: _Named


def check_key(value: str) -> None:
    """Refuse a name of neither secret. Raises ValueError."""
    if value not in ("client", "consumer"):
        raise ValueError("must be client or consumer")


def challenge(query: Mapping[str, str], secrets: Secrets) -> Reply | None:
    """The CRC's answer, for a token that cannot be a delivery."""
    token = query.get("crc_token")
    if token is None:
        return None
    if not _TOKEN.fullmatch(token):
        raise ChallengeRefused("this crc_token could be a delivery or is no token: not signed")
    key = _challenge_key(secrets)
    if key is None:
        raise NotVerified("no secret is set for X")
    digest = base64.b64encode(hmac_sha256(key, token.encode())).decode()
    return Reply(msgspec.json.encode({"response_token": f"sha256={digest}"}), "application/json")


def _challenge_key(secrets: Secrets) -> str | None:
    """The client secret where the app has one; `crc_key = consumer` for apps X still asks the old
    way."""
    if secrets.one("crc_key") == "consumer":
        return secrets.one("consumer_secret")
    return secrets.one("client_secret") or secrets.one("consumer_secret")


def verify(headers: Mapping[str, str], body: bytes, secrets: Secrets) -> str:
    """Prove a delivery and return its key. The new header decides where it is present."""
    if (new := headers.get(NEW_HEADER)) is not None:
        _prove(new, "OAuth 2.0 client secret", secrets.every("client_secret"), body)
    else:
        old = headers.get(OLD_HEADER)
        _prove(old, "consumer secret", secrets.every("consumer_secret"), body)
    if not body.lstrip(b" \t\r\n").startswith(b"{"):
        raise NotVerified("the body is no JSON object, so the signature may come from a handshake")
    return _delivery_key(body)


def _prove(header: str | None, key: str, secrets: tuple[str, ...], body: bytes) -> None:
    if header is not None and not secrets:
        raise NotVerified(f"X signed it with the {key}, which is not set here")
    prove(header, "base64", secrets, body)


def _delivery_key(body: bytes) -> str:
    """X's own name for the event, with type and filter, because an event is told to every
    subscribed account under one `event_uuid`; the digest of the body where there is none."""
    try:
        named = msgspec.json.decode(body, type=_Envelope).data
    except (ValueError, RecursionError):
        return hashlib.sha256(body).hexdigest()
    if not named.event_uuid:  # no name at all: one delivery must not pass for another
        return hashlib.sha256(body).hexdigest()
    name = f"{named.event_type}\n{named.event_uuid}\n".encode("utf-8", "replace")
    return "event-" + hashlib.sha256(name + bytes(named.filter)).hexdigest()
