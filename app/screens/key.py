"""The key in a television's address: derived from its id, so that it lies in no table.

Law: what is kept is its SHA-256, by which it is looked up; so no comparison takes longer the more of a
guess is right, and whoever reads the database cannot open a screen.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Final

LENGTH: Final = 32  # 160 bits
_SHAPE: Final = re.compile(r"[a-z2-7]{32}")
_IN_TEXT: Final = re.compile(r"(/screens/)[a-z2-7]{32}(?![a-z2-7])")


def key_of(secret_key: str, id: int) -> str:
    """The key of a screen; another secret key makes all of them other ones."""
    made = hmac.digest(secret_key.encode(), f"screen:{id}".encode(), "sha256")
    return base64.b32encode(made).decode().lower()[:LENGTH]


def is_key(text: str) -> bool:
    """Whether it has the shape of a key."""
    return _SHAPE.fullmatch(text) is not None


def fingerprint(key: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).digest()


def without_key(text: str) -> str:
    """A text, such as an address on its way to the log, with no key in it."""
    return _IN_TEXT.sub(r"\1…", text)
