"""Who may fetch a board's shared rows: the key a signed-in person's page carries.

It stands in a header of the page's own requests, names no person, and is good for this day and the
next, so that reading the rows needs neither session nor database. Law: without it there are no rows.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.pages.faces import keyed, same

HEADER: Final = "x-board-key"


def reader_key(secret: str, now: datetime) -> str:
    """The key of today."""
    return keyed(secret, f"boards of {now:%Y-%m-%d}")


def may_read(secret: str, key: str, now: datetime) -> bool:
    """Whether a key is today's or yesterday's."""
    return any(same(key, reader_key(secret, now - timedelta(days=days))) for days in (0, 1))
