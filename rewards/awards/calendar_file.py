"""Confirmed vacation days as an iCalendar file (RFC 5545, September 2009). Pure.

Law: the same days give the same file, and each keeps its UID for ever, so that a calendar that reads
it twice holds each day once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from rewards.awards.award import AwardView, DateWish

PRODUCT: Final = "-//Fanfare//Vacation days//EN"


def calendar(view: AwardView) -> bytes:
    """The file with the confirmed days of an award, the earliest first; each a day-long event."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for wish in sorted(view.dates, key=lambda wish: (wish.on, wish.id)):
        if wish.state == "confirmed":
            made.add_component(_day(view, wish))
    made_file: bytes = made.to_ical()
    return made_file


def has_days(view: AwardView) -> bool:
    """Whether the file would hold any day."""
    return any(wish.state == "confirmed" for wish in view.dates)


def _day(view: AwardView, wish: DateWish) -> Event:
    event = Event()
    # Unique without the address of an installation, which may change: from what never does.
    about = f"fanfare:{view.terms.slug}:{view.id}:{view.proposed_at.isoformat()}:{wish.id}"
    event.add("uid", f"{uuid5(NAMESPACE_URL, about)}")
    event.add("dtstamp", wish.decided_at or wish.wished_at)
    event.add("dtstart", wish.on)
    event.add("dtend", wish.on + timedelta(days=1))
    whole = "Vacation day" if wish.half_days == 2 else "Half a vacation day"
    event.add("summary", f"{whole}: {view.terms.contest}")
    event.add("transp", "OPAQUE")
    return event
