"""An opening of a tracked link, as Fanfare's own door writes it down (app/clicks/door.py)."""

from datetime import date, datetime
from typing import Any


def opened(code: str, visitor: str, day: date, account: str, at: datetime) -> dict[str, Any]:
    """The body; `visitor` is the digest of the day, `account` the links of the person who made it."""
    return {"code": code, "visitor": visitor, "day": day, "account": account, "at": at}
