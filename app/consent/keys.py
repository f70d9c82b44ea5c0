"""Keys that tokens are encrypted with where they lie, and changing them without losing one. Pure.

Laws: the first key encrypts, every key decrypts; a key may go from the settings once nothing bears its
name any more. Without FANFARE_TOKEN_KEYS the key is derived from FANFARE_SECRET_KEY (HKDF, RFC 5869),
and that one still decrypts after keys were set.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.going_out import NotReachable
from app.settings import Settings


class Unreadable(NotReachable):
    """Something was encrypted with a key that is not set any more; the message says which variable. Nothing
    is lost: with the key it can be read again."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of this installation; `name` is of the one that encrypts, `bunch` of all of them."""

    name: str
    bunch: str
    _all: MultiFernet

    @classmethod
    def of(cls, settings: Settings) -> Keys:
        """The keys that the settings name. SettingsFault without a secret key."""
        found = [*settings.token_keys, _derived(settings.require_secret_key())]
        return cls(
            _name(found[0]),
            _name(" ".join(sorted(found))),
            MultiFernet([Fernet(key) for key in found]),
        )

    def seal(self, text: str | None) -> bytes | None:
        """A text as it may lie in the database."""
        return None if text is None else self._all.encrypt(text.encode())

    def open(self, sealed: bytes | None) -> str | None:
        """The text again. Raises Unreadable."""
        if sealed is None:
            return None
        try:
            return self._all.decrypt(sealed).decode()
        except InvalidToken:
            raise Unreadable(
                "A token cannot be read any more: its key is gone from FANFARE_TOKEN_KEYS, or "
                "FANFARE_SECRET_KEY was replaced."
            ) from None

    def opens(self, sealed: bytes) -> bool:
        """Whether one of them opens it."""
        try:
            self.open(sealed)
        except Unreadable:
            return False
        return True

    def anew(self, sealed: bytes | None) -> bytes | None:
        """The same text under the key that encrypts now. Raises Unreadable."""
        return self.seal(self.open(sealed))


def _derived(secret_key: str) -> str:
    key = HKDF(SHA256(), 32, salt=None, info=b"fanfare account tokens").derive(secret_key.encode())
    return urlsafe_b64encode(key).decode()


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]
