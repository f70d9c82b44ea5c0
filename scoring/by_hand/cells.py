"""What stands in a cell: a count, a day, a post. Pure.

Law: what could be read in two ways is refused with words, never guessed into somebody's points.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from scoring.platforms.moments import EARLIEST

Order = Literal["auto", "day", "month"]  # which number of 03/04/2026 comes first

_NOTHING: Final = frozenset(
    {"", "-", "–", "—", "n/a", "na", "null", "none", "nil", "k. a.", "k.a."}
)
_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009'’`]")
_WHOLE: Final = re.compile(r"[0-9]{1,12}")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_WITH_NOUGHTS: Final = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(?:([.,])[0-9]{3})+)(?!\2)[.,]0{1,2}")
_SHORTENED: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_FORMULA: Final = re.compile(r'="?([^"]*)"?')  # ="1831230000000000001", to keep Excel's hands off
_DAY: Final = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_IN_WORDS: Final = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?:([a-z]{3})[a-z]*\.?\s+([0-9]{1,2})|([0-9]{1,2})\.?\s+([a-z]{3})[a-z]*\.?),?\s+([0-9]{4})",
    re.IGNORECASE,
)


class Unreadable(ValueError):
    """A cell that cannot be used; the message says why, as the end of a sentence."""


def plain(cell: str) -> str:
    """A cell without what keeps spreadsheets from changing it."""
    text = cell.strip()
    if found := _FORMULA.fullmatch(text):
        text = found[1].strip()
    return text.removeprefix("'").strip()


def count_in(cell: str) -> int | None:
    """A whole number, however its thousands are set apart; None where nothing is said."""
    text = plain(cell)
    if text.lower() in _NOTHING:
        return None
    digits = _SPACES.sub("", text)
    if _WHOLE.fullmatch(digits):
        return int(digits)
    if _GROUPED.fullmatch(digits):
        return int(re.sub(r"[.,]", "", digits))
    if found := _WITH_NOUGHTS.fullmatch(digits):
        return int(re.sub(r"[.,]", "", found[1]))
    if _SHORTENED.fullmatch(digits):
        raise Unreadable(f"a spreadsheet has shortened the number to {text}")
    raise Unreadable(f"“{_short(text)}” is no whole number")


def post_in(cell: str) -> str:
    """What names a post: an address or an id. Raises Unreadable for one that is lost."""
    text = plain(cell)
    if not text:
        raise Unreadable("the post is missing")
    if _SHORTENED.fullmatch(text):
        raise Unreadable(
            f"a spreadsheet has shortened the post’s id to {text}; use the file as the network gave it"
        )
    if len(text) > 2_000 or not text.isprintable():
        raise Unreadable("what should name the post is none")
    return text


def order_in(cell: str) -> Order | None:
    """Which number is the day, where a cell shows it; None where it does not."""
    if found := _DAY.match(plain(cell)):
        if found[2] == "." or int(found[1]) > 12:
            return "day"
        return "month" if int(found[3]) > 12 else None
    return None


def day_in(cell: str, order: Order, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The last moment of the day in a cell, or the moment that stands there; None for an empty one."""
    text = plain(cell)
    if text.lower() in _NOTHING:
        return None
    at = _moment(text, order, zone)
    if at < EARLIEST or at > now + timedelta(days=1):
        raise Unreadable(f"{_short(text)} is no day on which figures were seen")
    return min(at, now)


def end_of(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """When figures of a day were seen: at its end, of today now."""
    end = datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(seconds=1)
    return min(end.astimezone(UTC), now)


def _moment(text: str, order: Order, zone: ZoneInfo) -> datetime:
    far = datetime.max.replace(tzinfo=UTC)
    try:
        if found := _DAY.fullmatch(text.split(" ")[0]):
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            known = order_in(text) or order
            if known == "auto":
                raise Unreadable(f"{_short(text)} can mean two days; say which number is the day")
            day, month = (first, second) if known == "day" else (second, first)
            return end_of(date(year, month, day), zone, far)
        if found := _IN_WORDS.match(text):
            name, day = found[1] or found[4], int(found[2] or found[3])
            return end_of(date(int(found[5]), _MONTHS.index(name.lower()) + 1, day), zone, far)
        if len(text) == 10:
            return end_of(date.fromisoformat(text), zone, far)
        at = datetime.fromisoformat(text)
    except Unreadable:
        raise
    except (ValueError, OverflowError):
        raise Unreadable(f"“{_short(text)}” is no day") from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
