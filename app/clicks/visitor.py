"""Who opened a link, for a day and no longer: a digest that nobody can turn back. Pure."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Final

_CHARACTERS: Final = 20  # 80 bits: two of a day's visitors are never taken for one


def visitor_of(key: bytes, code: str, client: str, browser: str) -> str:
    """The visitor of a link under the day's key; another one for every link."""
    told = "\n".join((code, client, browser)).encode("utf-8", "surrogatepass")
    return hmac.digest(key, told, sha256).hex()[:_CHARACTERS]
