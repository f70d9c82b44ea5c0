"""Signing a body as each network would, written from the protocols, not with the code under
test."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime


def _hmac(key: bytes, signed: bytes) -> bytes:
    return hmac.new(key, signed, hashlib.sha256).digest()


def by_mastodon(body: bytes, secret: str) -> dict[str, str]:
    """Headers of Mastodon's admin webhook."""
    return {"x-hub-signature": f"sha256={_hmac(secret.encode(), body).hex()}"}


def by_meta(body: bytes, secret: str) -> dict[str, str]:
    """Headers of Facebook, Instagram and Threads."""
    return {"x-hub-signature-256": f"sha256={_hmac(secret.encode(), body).hex()}"}


def by_linkedin(body: bytes, secret: str) -> dict[str, str]:
    """Headers of LinkedIn, in the documented form."""
    return {"x-li-signature": _hmac(secret.encode(), b"hmacsha256=" + body).hex()}


def by_x(body: bytes, secret: str, header: str) -> dict[str, str]:
    """Headers of X."""
    return {header: "sha256=" + base64.b64encode(_hmac(secret.encode(), body)).decode()}


def by_standard(body: bytes, secret: str, at: datetime, name: str = "msg_1") -> dict[str, str]:
    """Headers of Standard Webhooks."""
    key, seconds = base64.b64decode(secret.removeprefix("whsec_")), int(at.timestamp())
    digest = _hmac(key, f"{name}.{seconds}.".encode() + body)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def by_youtube(body: bytes, secret: str) -> dict[str, str]:
    """Headers of Google's hub."""
    return {"x-hub-signature": f"sha1={hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}"}
