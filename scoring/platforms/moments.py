"""Times as the networks write them. Law: what comes out is aware, in UTC, from 2006 on and never
later than the receipt."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from scoring.facts import UnusableFact

EARLIEST = datetime(2006, 1, 1, tzinfo=UTC)  # no supported network is older; X began in March 2006
# Clocks run ahead by minutes, wrong time zones by hours, never by more.
MAX_AHEAD = timedelta(hours=24)

# «Tue Sep 01 08:15:30 +0000 2026», X's v1.1 form; by hand, because strptime follows the machine's
# language.
_OLDER_X = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) \+0000 ([0-9]{4})"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHOWN = 40  # characters of a wrong time in the reason, enough to recognise it


class AbsurdTime(UnusableFact):
    """A readable time at which nothing can have happened."""


def moment(value: str | int, received_at: datetime) -> datetime:
    """The moment a network means. Raises AbsurdTime, or UnusableFact when it is no time at all."""
    try:
        at = _read(value)
    except OverflowError:
        raise AbsurdTime(f"{_shown(value)} is beyond all calendars") from None
    except ValueError:
        raise UnusableFact(f"{_shown(value)} is not a time with its zone") from None
    if at < EARLIEST:
        raise AbsurdTime(f"{_shown(value)} is before any network began")
    if at > received_at + MAX_AHEAD:
        raise AbsurdTime(f"{_shown(value)} had not come when it was received")
    return min(at, received_at)


def _read(value: str | int) -> datetime:
    if isinstance(value, int):
        return _since_1970(value)
    if re.fullmatch(r"-?[0-9]{1,20}", value):
        return _since_1970(int(value))
    if older := _OLDER_X.fullmatch(value):
        month, day, clock, year = older.groups()
        number = _MONTHS.index(month) + 1  # ValueError for no month
        return datetime.fromisoformat(f"{year}-{number:02}-{day}T{clock}+00:00")
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("without a zone")
    return at.astimezone(UTC)


def _since_1970(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _shown(value: str | int) -> str:
    if isinstance(value, int) and abs(value) >= 10**_SHOWN:
        return "a number of more than 40 digits"
    return ascii(value)[:_SHOWN]
