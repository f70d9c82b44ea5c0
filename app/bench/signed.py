"""Deliveries as their sender signs them, whole requests ready to be sent.

Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, in base64 (specification read 2026-11).
"""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Iterable

from app.webhooks import PREFIX


def signed_requests(bodies: Iterable[bytes], secret: str, series: str) -> list[bytes]:
    """POST requests to the webhook of the company's own systems, each with an id of its own."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    at = int(time.time())
    requests = []
    for number, body in enumerate(bodies):
        name = f"msg_{series}_{number}"
        digest = hmac.digest(key, f"{name}.{at}.".encode() + body, "sha256")
        headers = {
            "webhook-id": name,
            "webhook-timestamp": str(at),
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }
        requests.append(request("POST", f"{PREFIX}standard", body, headers))
    return requests


def request(
    method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> bytes:
    """A whole HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    if method == "POST":
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
