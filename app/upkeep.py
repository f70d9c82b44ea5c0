"""What keeps an installation in order, in words: room for what comes, what went, the last recount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from app.database import Connection
from scoring import Dropped, LastVerified, Months, dropped_lately, last_verified, months_there

_DROPPED: Final = 3  # months named, the newest: one is dropped a month
_TABLES: Final = {"delivery": "Deliveries", "entry": "Points"}


@dataclass(frozen=True, slots=True)
class Room:
    """A table's months, as a sentence; `fault` is what is wrong with them, None when nothing is."""

    label: str
    words: str
    fault: str | None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """All of it."""

    rooms: list[Room]
    dropped: list[Dropped]
    verified: LastVerified | None


async def upkeep(connection: Connection, now: datetime) -> Upkeep:
    """What is there, what went, and when everything was last counted again."""
    today = now.astimezone(UTC).date()
    return Upkeep(
        [room(months, today) for months in await months_there(connection)],
        await dropped_lately(connection, _DROPPED),
        await last_verified(connection),
    )


def room(months: Months, today: date) -> Room:
    """What can be said of a table's months today."""
    if not months.months:
        words = "no month has its partition yet"
    else:
        first, last = months.months[0], months.months[-1]
        words = (
            f"{len(months.months)} months, {first:%Y-%m} to {last:%Y-%m}; "
            f"the next is made on {months.next_on(today)}"
        )
    fault = None
    if months.lacks(today) or months.astray:
        fault = "this month has no partition" if months.lacks(today) else "rows wait for theirs"
        fault += "; a worker makes it within a minute: is one running (`fanfare worker`)?"
    return Room(_TABLES[months.table], words, fault)


def verified_words(last: LastVerified | None) -> str:
    """When everything was last counted again, and what came of it."""
    if last is None:
        return "never; `fanfare verify` counts everything again"
    said = f"{last.at:%Y-%m-%d %H:%M} UTC: "
    if last.agrees:
        return f"{said}all agreed, {last.people:,} people"
    if last.differing:
        said += f"{last.differing:,} differed"
        said += "" if last.complete else f" among the first {last.people:,} of {last.everybody:,}"
    else:
        said += f"{last.people:,} of {last.everybody:,} people looked at, no difference"
    agreed = "never" if last.agreed_at is None else f"{last.agreed_at:%Y-%m-%d %H:%M} UTC"
    return f"{said}; all agreed last: {agreed}"
