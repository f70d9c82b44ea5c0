"""How long until something, as text that is right without a script.

`countdown.js` beside it writes the same words every second; a test holds both together. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rewards import Moments, Stage

DAYS_ONLY: Final = timedelta(days=7)  # further off, an hour more or less tells nothing
WITH_SECONDS: Final = timedelta(minutes=5)  # nearer than that, one watches


@dataclass(frozen=True, slots=True)
class Countdown:
    """What is waited for: 'Ends in' '4 d 06 h'."""

    words: str
    at: datetime
    left: str


def countdown(stage: Stage, moments: Moments, now: datetime) -> Countdown | None:
    """What comes next in a contest's life by the clock alone; None where people decide."""
    match stage:
        case Stage.SCHEDULED:
            words, at = "Starts in", moments.starts_at
        case Stage.RUNNING:
            words, at = "Ends in", moments.ends_at
        case Stage.SETTLING:
            words, at = "Final count in", moments.settles_at
        case _:
            return None
    return Countdown(words, at, left(at - now))


def left(span: timedelta) -> str:
    """'17 d', '4 d 06 h', '6 h 05 min', '12 min', '2 min 09 s'; 'a moment' when it is over."""
    seconds = int(span.total_seconds())
    if seconds <= 0:
        return "a moment"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if span >= DAYS_ONLY:
        return f"{days} d"
    if days:
        return f"{days} d {hours % 24:02} h"
    if hours:
        return f"{hours} h {minutes % 60:02} min"
    if span >= WITH_SECONDS:
        return f"{minutes} min"
    return f"{minutes} min {seconds % 60:02} s" if minutes else f"{seconds} s"


def elapsed(starts_at: datetime, ends_at: datetime, now: datetime) -> int:
    """How much of a contest is over, in whole percent from 0 to 100."""
    whole = (ends_at - starts_at).total_seconds()
    return max(0, min(100, int(100 * (now - starts_at).total_seconds() / whole)))
