"""How pages put numbers, times and names into words: the templates' filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


def initials(name: str) -> str:
    """Two letters for a person, from the first and the last word; '?' for a name without any."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    chosen = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()


def number(value: int) -> str:
    """A whole number with thousands set apart: 1,482."""
    return f"{value:,}"


def ordinal(value: int) -> str:
    """A rank in words: 1st, 2nd, 3rd, 11th, 36th."""
    if value % 100 in (11, 12, 13):
        return f"{number(value)}th"
    return number(value) + {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


def counted(value: int, one: str, many: str | None = None) -> str:
    """A count with its noun: '1 point', '3 points', '2 people'."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def clock_words(zone: Callable[[], ZoneInfo]) -> dict[str, Callable[..., Any]]:
    """The filters that depend on the company's time zone, as it is when they are used."""

    def moment(at: datetime) -> str:
        """'22 Nov 2026, 14:05' in the company's time."""
        local = at.astimezone(zone())
        return f"{local.day} {local:%b %Y, %H:%M}"

    def day(value: date | datetime) -> str:
        """'22 November 2026'."""
        local = value.astimezone(zone()) if isinstance(value, datetime) else value
        return f"{local.day} {local:%B %Y}"

    def ago(at: datetime, now: datetime) -> str:
        """'12 min ago', 'yesterday', '3 days ago', or the day."""
        passed = now - at
        if passed < timedelta(minutes=1):
            return "just now"
        if passed < timedelta(hours=1):
            return f"{int(passed.total_seconds() // 60)} min ago"
        days = (now.astimezone(zone()).date() - at.astimezone(zone()).date()).days
        if days == 0:
            return f"{int(passed.total_seconds() // 3600)} h ago"
        if days == 1:
            return "yesterday"
        return f"{days} days ago" if days < 30 else day(at)

    return {"moment": moment, "day": day, "ago": ago}


def filters(zone: Callable[[], ZoneInfo]) -> dict[str, Callable[..., Any]]:
    """All filters by their name in templates."""
    plain: dict[str, Callable[..., Any]] = {
        "initials": initials,
        "number": number,
        "ordinal": ordinal,
        "counted": counted,
    }
    return {**plain, **clock_words(zone)}
