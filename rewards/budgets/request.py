"""A request to the ledger, and whether it was made before.

Law: a key that was used is answered with what was done then, before anything is asked of today; with
other content it is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from rewards.budgets.transfer import COLUMNS, Transfer, read_transfer
from rewards.connection import Connection
from rewards.refusal import KeyUsed, Refused


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what under which key; the key and the content decide whether it is a repetition."""

    verb: str
    key: str
    by: int | None  # None: the clock
    reason: str
    content: tuple[Any, ...]  # what else was asked, as JSON can hold it

    @property
    def digest(self) -> bytes:
        """The hash of the content."""
        return sha256(
            msgspec.json.encode((self.verb, self.by, self.reason, *self.content))
        ).digest()


async def first_answer(connection: Connection, request: Request) -> Transfer | None:
    """What the same request was answered before; None: it is new. Raises KeyUsed, and Refused for
    a request that lacks its key or reason."""
    if not request.key:
        raise ValueError("a transfer needs a key, so that it is done once")
    row = await connection.fetchrow(
        f"select {COLUMNS}, content_sha256 from transfer where key = $1", request.key
    )
    if row is None:
        if not request.reason.strip():
            raise Refused("Say why, in a few words.", field="reason")
        return None
    if row["content_sha256"] != request.digest:
        raise key_used()
    return read_transfer(row)


def key_used() -> KeyUsed:
    """The refusal of a key that was used with other content."""
    return KeyUsed(
        "This was sent before with other content, so nothing was done."
        " Open the page anew and send it again."
    )
