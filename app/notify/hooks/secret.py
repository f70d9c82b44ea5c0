"""The secrets that sign what a hook is told. Pure.

They are derived from the installation's key, the hook and how often its secret was replaced, so that
no copy of the database can sign for us. Who replaces FANFARE_SECRET_KEY gives receivers new ones.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from standardwebhooks import Webhook

BOTH_SIGN: Final = timedelta(hours=24)  # after a replacement, while the receiver takes the new one


def secret_of(installation_key: str, hook_id: int, generation: int) -> str:
    """The secret of a hook, in the form `whsec_…` of Standard Webhooks."""
    told = f"fanfare outgoing hook {hook_id} {generation}".encode()
    return "whsec_" + b64encode(hmac.digest(installation_key.encode(), told, sha256)).decode()


def generations_that_sign(
    generation: int, rotated_at: datetime | None, now: datetime
) -> tuple[int, ...]:
    """Which secrets sign now: the newest, and for a day after a replacement the one before."""
    if generation > 0 and rotated_at is not None and now < rotated_at + BOTH_SIGN:
        return generation, generation - 1
    return (generation,)


def signed_headers(
    secrets: tuple[str, ...], event_id: str, body: bytes, now: datetime
) -> dict[str, str]:
    """The three headers of Standard Webhooks; `webhook-id` is the same with every attempt."""
    text = body.decode()
    signatures = (Webhook(secret).sign(event_id, now, text) for secret in secrets)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
