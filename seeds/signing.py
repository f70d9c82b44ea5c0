"""Signs deliveries as the networks do: for the demo's traffic, for `fanfare play` and for tests.

Law: what is signed here passes the same verification as a network's own delivery.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from scoring.platforms.platform import Secrets


class CannotSign(Exception):
    """The settings lack the secret, or nobody has said how this network signs."""


def is_signed(platform: str) -> bool:
    """Whether this network posts to a webhook at all; others are listened to, or seen by Fanfare."""
    return platform in _SIGNERS


def sign(
    platform: str, body: bytes, secrets: Secrets, now: datetime, delivery_id: str
) -> dict[str, str]:
    """The headers a network sends with a body. `delivery_id` is used by those that send one.

    Raises CannotSign.
    """
    if platform not in _SIGNERS:
        raise CannotSign(f"There is no signer for {platform} in seeds/signing.py.")
    headers = {"content-type": "application/json"}
    return headers | _SIGNERS[platform](body, secrets, now, delivery_id)


def _digest(secret: bytes, signed: bytes) -> bytes:
    return hmac.new(secret, signed, hashlib.sha256).digest()


def _needed(secrets: Secrets, platform: str, *names: str) -> tuple[str, str]:
    """The first of the secrets that is set, with its name."""
    for name in names:
        if value := secrets.one(name):
            return name, value
    variables = " or ".join(f"FANFARE_{platform}_{name}".upper() for name in names)
    raise CannotSign(
        f"{variables} is not set; without it a delivery of {platform} cannot be signed."
    )


def _mastodon(body: bytes, secrets: Secrets, now: datetime, delivery_id: str) -> dict[str, str]:
    # Mastodon 4's delivery_worker.rb: SHA-256 in a header that is named like the old SHA-1.
    _, secret = _needed(secrets, "mastodon", "secret")
    return {"x-hub-signature": f"sha256={_digest(secret.encode(), body).hex()}"}


def _x(body: bytes, secrets: Secrets, now: datetime, delivery_id: str) -> dict[str, str]:
    # An app with an OAuth 2.0 client secret gets both headers, of which the newer one decides.
    _needed(secrets, "x", "client_secret", "consumer_secret")
    headers = {}
    for name, header in (
        ("consumer_secret", "x-twitter-webhooks-signature"),
        ("client_secret", "x-twitter-webhooks-signature-oauth2"),
    ):
        if secret := secrets.one(name):
            digest = base64.b64encode(_digest(secret.encode(), body)).decode()
            headers[header] = f"sha256={digest}"
    return headers


def _meta(network: str) -> Callable[[bytes, Secrets, datetime, str], dict[str, str]]:
    # Facebook, Instagram and Threads sign alike, each with the secret of its own app.
    def signer(body: bytes, secrets: Secrets, now: datetime, delivery_id: str) -> dict[str, str]:
        _, secret = _needed(secrets, network, "secret")
        return {"x-hub-signature-256": f"sha256={_digest(secret.encode(), body).hex()}"}

    return signer


def _linkedin(body: bytes, secrets: Secrets, now: datetime, delivery_id: str) -> dict[str, str]:
    # The official form: the word is part of what is signed, not of the header.
    _, secret = _needed(secrets, "linkedin", "client_secret")
    return {"x-li-signature": _digest(secret.encode(), b"hmacsha256=" + body).hex()}


def _youtube(body: bytes, secrets: Secrets, now: datetime, delivery_id: str) -> dict[str, str]:
    # Google's hub: Atom, signed with SHA-1.
    _, secret = _needed(secrets, "youtube", "secret")
    digest = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return {"content-type": "application/atom+xml", "x-hub-signature": f"sha1={digest}"}


def _standard(body: bytes, secrets: Secrets, now: datetime, delivery_id: str) -> dict[str, str]:
    # Standard Webhooks 1.0.0: the signed string is id.timestamp.body, the key the decoded secret.
    _, secret = _needed(secrets, "standard", "secret")
    at = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = base64.b64encode(_digest(key, f"{delivery_id}.{at}.".encode() + body)).decode()
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{digest}",
    }


_SIGNERS: dict[str, Callable[[bytes, Secrets, datetime, str], dict[str, str]]] = {
    **{network: _meta(network) for network in ("facebook", "instagram", "threads")},
    "linkedin": _linkedin,
    "mastodon": _mastodon,
    "standard": _standard,
    "x": _x,
    "youtube": _youtube,
}
