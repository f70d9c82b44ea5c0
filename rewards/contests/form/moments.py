"""Start and end as typed, in the company's time zone. Pure.

Law: a local time that does not exist is refused with the next one that does; one that comes twice is
the first of both.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from rewards.contests.form.typed import Typed

LONGEST: Final = timedelta(days=400)  # a year, and room to begin early
FURTHEST: Final = timedelta(days=800)
SHORTEST: Final = timedelta(minutes=1)


def read_moments(typed: Typed, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime] | None:
    """Start and end, or None where one of them is none; what is wrong is said beside its field."""
    start = _moment(typed, "start", zone)
    end = _moment(typed, "end", zone)
    if start is not None and start < now:
        typed.wrong(
            "start_on",
            "The start is in the past. A contest begins after everybody could read its rules.",
        )
    if start is not None and start > now + FURTHEST:
        typed.wrong("start_on", "That is more than two years away. Is the year right?")
    if start is None or end is None:
        return None
    if end <= start:
        typed.wrong("end_on", "The end must come after the start.")
        return None
    if end - start < SHORTEST:
        typed.wrong("end_time", "A contest runs for a minute at least.")
    if end - start > LONGEST:
        typed.wrong("end_on", "A contest runs for 400 days at most; make two of it.")
    return start, end


def _moment(typed: Typed, which: str, zone: ZoneInfo) -> datetime | None:
    day, hour = _day(typed, f"{which}_on"), _hour(typed, f"{which}_time")
    if day is None or hour is None:
        return None
    try:
        local = datetime.combine(day, hour, tzinfo=zone)
        moment = local.astimezone(UTC)
    except OverflowError:
        typed.wrong(f"{which}_on", "That day is out of reach.")
        return None
    real = moment.astimezone(zone)
    if real.replace(tzinfo=None) != local.replace(tzinfo=None):
        typed.wrong(
            f"{which}_time",
            f"{hour:%H:%M} does not exist on {format_date(day, 'd MMMM', locale='en')}: the clocks go "
            f"forward then. Write {_after_gap(local, zone):%H:%M} or a later time.",
        )
        return None
    return moment


def _after_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """The first minute that exists after a local time that does not."""
    naive = local.replace(tzinfo=None)
    for minutes in range(1, 24 * 60):
        candidate = naive + timedelta(minutes=minutes)
        back = candidate.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        if back == candidate:
            return candidate
    return naive + timedelta(days=1)


def comes_twice(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the local time of a moment comes twice on its day, as when clocks go back."""
    naive = moment.astimezone(zone).replace(tzinfo=None)
    first, second = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    back = [one.astimezone(zone).replace(tzinfo=None) for one in (first, second)]
    return first != second and back == [naive, naive]


def _day(typed: Typed, field: str) -> date | None:
    text = typed.value(field)
    if not text:
        typed.wrong(field, "Choose a day.")
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        typed.wrong(field, f"“{text[:20]}” is no day of the calendar; write it as 2026-12-01.")
        return None


def _hour(typed: Typed, field: str) -> time | None:
    text = typed.value(field) or "00:00"
    try:
        hour = time.fromisoformat(text)
    except ValueError:
        typed.wrong(field, f"“{text[:20]}” is no time of the day; write it as 09:00.")
        return None
    if hour.tzinfo is not None:
        typed.wrong(field, "Leave the zone out: times are the company's own.")
        return None
    return hour.replace(second=0, microsecond=0)
