"""Openings of a tracked link, as Fanfare's own door writes them down (app/clicks/counting.py)."""

from datetime import date, datetime
from typing import Any


def opened(code: str, visitor: str, day: date, account: str, at: datetime) -> dict[str, Any]:
    """The body of one; `visitor` is the digest of the day, `account` the links of the person who made it."""
    opening = {"code": code, "visitor": visitor, "day": day, "at": at}
    return {"account": account, "openings": [opening]}
