"""The demo company's named seasons: one that runs since some weeks and the one after it.

Law: both were set before the history begins, so that no point ever moved into another season.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scoring import set_season
from scoring.connection import Connection

BEGAN = timedelta(weeks=5)  # before now, unless the history is shorter
LONG = timedelta(weeks=13)
_NAMES = ("Winter", "Spring", "Summer", "Autumn")


async def name_seasons(
    connection: Connection, *, by: int, set_at: datetime, now: datetime, zone: ZoneInfo
) -> None:
    """Sets both at a moment before everything; they are called after the months they begin in."""
    today = now.astimezone(zone).date()
    monday = today - BEGAN - timedelta(days=today.weekday())
    earliest = set_at.astimezone(zone).date() + timedelta(days=1)
    to_come = monday + LONG
    async with connection.transaction():
        for first, after in ((max(monday, earliest), to_come), (to_come, to_come + LONG)):
            await set_season(
                connection, called(first), first, after - timedelta(days=1),
                by=by, now=set_at, zone=zone,
            )  # fmt: skip


def called(first: date) -> str:
    """What a season that begins on that day is called."""
    return _NAMES[first.month % 12 // 3]
