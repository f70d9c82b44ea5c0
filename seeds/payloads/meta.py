"""How Meta writes what it sends: letters other than ASCII and some signs escaped, in lower-case hex.

Its signature is over these bytes, so that a reader who writes the JSON anew gets another one
(developers.facebook.com/docs/graph-api/webhooks/getting-started, read 2026-11-01).
"""

import json
from datetime import datetime
from typing import Any

_ESCAPED = {"/": "\\/", "<": "\\u003c", "%": "\\u0025", "@": "\\u0040"}


def encoded(body: Any) -> bytes:
    """The bytes of a body."""
    text = json.dumps(body, separators=(",", ":"))
    for sign, escape in _ESCAPED.items():
        text = text.replace(sign, escape)
    return text.encode("ascii")


def seconds(at: datetime) -> int:
    """A moment in seconds since 1970."""
    return int(at.timestamp())


def written(at: datetime) -> str:
    """A moment as Threads and the Graph API write it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}+0000"


def batch(kind: str, account: str, at: datetime, changes: list[dict[str, Any]]) -> dict[str, Any]:
    """The envelope of Facebook and Instagram: what changed at one account, in one delivery."""
    entry = {"id": account, "time": seconds(at) + 1, "changes": changes}
    return {"object": kind, "entry": [entry]}
