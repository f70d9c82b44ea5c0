"""Standard Webhooks 1.0: `v1,` signatures under one of several secrets, with a signed time.

Law: one matching signature is enough, an old or early one never is, and nothing in a header makes
an error of ours.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook

from scoring.platforms.platform import NotVerified
from scoring.platforms.signature import plain_base64

TOLERANCE_S = 300  # both ways, as the specification's libraries have it
MAX_SIGNATURES = 20  # a rotation needs two or three; bounds the work a stranger can cause
MAX_KEY_LENGTH = 256  # webhook-id is a name such as msg_p5jXN8AQM9LWM0D4loKWxJek
_KEY_BYTES = range(24, 65)  # of a symmetric secret, by the specification


def check_form(secret: str) -> None:
    """Refuse what is no secret of this kind by its looks. Raises ValueError."""
    if not secret.startswith("whsec_"):
        raise ValueError("must be one or more secrets that start with whsec_, between spaces")


def made_of(random: bytes) -> str:
    """A secret of 24 to 64 random bytes."""
    return "whsec_" + base64.b64encode(random).decode()


def fault_of(secret: str) -> str | None:
    """Why a secret cannot be used, as the end of a sentence, or None."""
    if secret.startswith(("v1,", "v1a,")) or secret in ("v1", "v1a"):
        return "begins with a version: give only the part from whsec_ on"
    if secret.startswith(("whsk_", "whpk_")):
        return "is a key of a pair: only shared secrets, whsec_…, are supported"
    if not secret.startswith("whsec_"):
        return "does not begin with whsec_"
    try:
        key = base64.b64decode(secret.removeprefix("whsec_") + "==")
    except ValueError:
        return "is not base64 after whsec_"
    if len(key) not in _KEY_BYTES:
        return f"holds {len(key)} bytes, which must be 24 to 64"
    return None


def verify(headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...], now: datetime) -> str:
    """Return `webhook-id` of a proven delivery. Raises NotVerified."""
    name, signed_at, signatures = (
        headers.get(header) or ""
        for header in ("webhook-id", "webhook-timestamp", "webhook-signature")
    )
    if not name or not signed_at or not signatures:
        raise NotVerified("webhook-id, webhook-timestamp or webhook-signature is missing")
    if len(name) > MAX_KEY_LENGTH or not name.isprintable():
        raise NotVerified("webhook-id is too long or not printable")
    at = _time(signed_at, now)
    usable = [secret for secret in secrets if fault_of(secret) is None]
    if not usable:
        raise NotVerified("no usable secret is set for this network")
    given = _digests(signatures)
    try:
        text = body.decode()
        expected = [_digest(Webhook(secret).sign(name, at, text)) for secret in usable]
    except ValueError:  # the specification signs texts only
        raise NotVerified("the body is no UTF-8 text") from None
    # All pairs are compared, so that the time taken does not tell which secret fits.
    fits = [hmac.compare_digest(one, other) for one in expected for other in given]
    if not any(fits):
        raise NotVerified("no signature fits the body")
    return name


def _time(signed_at: str, now: datetime) -> datetime:
    if not re.fullmatch(r"[0-9]{1,12}", signed_at):
        raise NotVerified("webhook-timestamp is no number of seconds")
    seconds = int(signed_at)
    if abs(now.timestamp() - seconds) > TOLERANCE_S:
        raise NotVerified(f"webhook-timestamp is more than {TOLERANCE_S} seconds away")
    return datetime.fromtimestamp(seconds, UTC)


def _digests(signatures: str) -> list[bytes]:
    """The `v1` digests of the list; other versions and malformed members count for nothing."""
    found = []
    for signature in signatures.split(" ")[:MAX_SIGNATURES]:
        version, _, digest = signature.partition(",")
        if version == "v1":
            try:
                found.append(plain_base64(digest))
            except ValueError:
                continue
    if not found:
        raise NotVerified("webhook-signature holds no v1 signature")
    return found


def _digest(signature: str) -> bytes:
    return base64.b64decode(signature.partition(",")[2])
