"""The addresses of channels, encrypted where they lie: whoever has one can write to that channel. Pure.

The key is derived from FANFARE_SECRET_KEY (HKDF, RFC 5869), so that a copy of the database tells none. Who
replaces that key adds the channels anew.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unreadable(Exception):
    """An address was encrypted with another key; the message is a sentence for people."""


def locked_away(target: str, installation_key: str) -> bytes:
    """The address as it may lie in the database."""
    return _fernet(installation_key).encrypt(target.encode())


def taken_out(locked: bytes, installation_key: str) -> str:
    """The address again. Raises Unreadable."""
    try:
        return _fernet(installation_key).decrypt(locked).decode()
    except InvalidToken:
        raise Unreadable(
            "The address cannot be read any more: FANFARE_SECRET_KEY was replaced. Add the channel anew."
        ) from None


def _fernet(installation_key: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"fanfare channel targets").derive(
        installation_key.encode()
    )
    return Fernet(urlsafe_b64encode(key))
