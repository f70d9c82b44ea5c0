"""Days and moments of a contest in the company's time, as CLDR writes them. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, format_time

LOCALE: Final = "en_GB"


def days(start_at: datetime, end_at: datetime, zone: ZoneInfo) -> str:
    """'1–21 Dec 2026', '28 Nov – 3 Dec 2026', '20 Dec 2026 – 4 Jan 2027'.

    One that ends at midnight ends with the day that is over.
    """
    first = start_at.astimezone(zone).date()
    last = (end_at - timedelta(microseconds=1)).astimezone(zone).date()
    return str(format_interval(first, last, "yMMMMd", locale=LOCALE))


def moment(at: datetime, zone: ZoneInfo) -> str:
    """'21 December 2026, 17:00'."""
    local = at.astimezone(zone)
    return (
        f"{format_date(local, 'long', locale=LOCALE)}, {format_time(local, 'short', locale=LOCALE)}"
    )


def span(start_at: datetime, end_at: datetime, zone: ZoneInfo) -> str:
    """'1 December 2026, 09:00 to 21 December 2026, 17:00 (Europe/Berlin)', a clock change named."""
    words = f"{moment(start_at, zone)} to {moment(end_at, zone)} ({zone.key})"
    if start_at.astimezone(zone).utcoffset() != end_at.astimezone(zone).utcoffset():
        words += "; the clocks change in between"
    return words


def day(on: date) -> str:
    """'21 December 2026'."""
    return str(format_date(on, "long", locale=LOCALE))
