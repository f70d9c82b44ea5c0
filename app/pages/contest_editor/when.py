"""How long a contest runs, in words: its zone, its length, and clocks that change meanwhile. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.pages.words import counted


def when(form: Mapping[str, str], zone: ZoneInfo) -> str:
    """'Europe/Berlin · 20 days 8 hours', and what to know where clocks change while it runs.

    Only the zone where the dates are not typed yet or are none.
    """
    start, end = moment(form, "start", zone), moment(form, "end", zone)
    if start is None or end is None or end <= start:
        return zone.key
    return " · ".join([zone.key, length(start, end), *change(start, end, zone)])


def moment(form: Mapping[str, str], which: str, zone: ZoneInfo) -> datetime | None:
    """The start or the end as typed, in UTC; None for what is no moment."""
    try:
        day = date.fromisoformat(form.get(f"{which}_on", ""))
        hour = time.fromisoformat(form.get(f"{which}_time", ""))
        return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def length(start: datetime, end: datetime) -> str:
    """'20 days 8 hours': the time that really passes."""
    passed = end - start
    minutes = passed.seconds // 60
    parts = [
        counted(passed.days, "day") if passed.days else "",
        counted(minutes // 60, "hour") if minutes >= 60 else "",
        counted(minutes % 60, "minute") if minutes % 60 else "",
    ]
    return " ".join(part for part in parts if part)


def change(start: datetime, end: datetime, zone: ZoneInfo) -> list[str]:
    """A sentence where the clocks in the zone change between start and end."""
    before, after = start.astimezone(zone).utcoffset(), end.astimezone(zone).utcoffset()
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    if before is None or after is None or (last - day).days > 800:
        return []
    while day < last:
        following = day + timedelta(days=1)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset()
        next_noon = datetime(
            following.year, following.month, following.day, 12, tzinfo=zone
        ).utcoffset()
        if noon is not None and next_noon is not None and noon != next_noon:
            hours = abs((next_noon - noon).total_seconds()) / 3600
            way = "forward" if next_noon > noon else "back"
            words = {1: "an hour", 0.5: "half an hour"}.get(hours, f"{hours:g} hours")
            return [
                f"the clocks go {way} {words} on {following.day} {following:%B}, "
                "the times above stay as they read"
            ]
        day = following
    return []
