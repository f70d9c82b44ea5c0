"""Names of the AT Protocol: DIDs, handles, addresses of records, and the moments in their revisions.

Source: atproto.com/specs (did, handle, at-uri-scheme, tid), read 2026-11-01. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_DID: Final = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,200}")
_HANDLE: Final = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
_ADDRESS: Final = re.compile(
    r"at://(did:[a-z]+:[A-Za-z0-9._:%-]{1,200})/([a-zA-Z0-9.-]{3,200})/([A-Za-z0-9._~:-]{1,200})"
)
_TID: Final = re.compile(r"[2-7a-j][2-7a-z]{12}")
_LETTERS: Final = "234567abcdefghijklmnopqrstuvwxyz"
_CLOCK_BITS: Final = 10  # the last ones of a TID tell which clock, not when


@dataclass(frozen=True, slots=True)
class Address:
    """Where a record lies: whose it is, in which collection, under which key."""

    did: str
    collection: str
    key: str

    def __str__(self) -> str:
        return f"at://{self.did}/{self.collection}/{self.key}"


def address_of(text: str) -> Address | None:
    """A record's address, or None for anything else."""
    found = _ADDRESS.fullmatch(text)
    return Address(*found.groups()) if found else None


def did_of(text: str) -> str | None:
    """A DID, or None."""
    return text if _DID.fullmatch(text) else None


def handle_of(text: str) -> str | None:
    """A handle in lower case, or None."""
    typed = text.strip().lower()
    return typed if _HANDLE.fullmatch(typed) else None


def moment_of(tid: str) -> datetime | None:
    """When a revision was made, by the clock of the account's server; None where it does not say."""
    if not _TID.fullmatch(tid):
        return None
    number = 0
    for letter in tid:
        number = number * 32 + _LETTERS.index(letter)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number >> _CLOCK_BITS)
