"""When a screen's picture changes by the clock alone: its rest, corrections, what is planned. Pure.

Law: every moment follows from what is set and the clock, so that all screens change together and a
late one joins the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from app.screens.setting import Setting

# A correction is said at once, and again for those who were not there.
FIRST_FOR: Final = timedelta(seconds=60)
AGAIN_EVERY: Final = timedelta(minutes=10)
AGAIN_FOR: Final = timedelta(seconds=20)
SAID_FOR: Final = timedelta(hours=2)
# So near its beginning no other slide is begun: nobody could read it.
AWAITED: Final = timedelta(seconds=30)


def rest_begins(setting: Setting, now: datetime, zone: tzinfo) -> datetime | None:
    """When the screen rests next; None for one that never does."""
    if setting.rests_from is None or setting.rests_until in (None, setting.rests_from):
        return None
    return _next(setting.rests_from, now, zone)


def rest_ends(setting: Setting, now: datetime, zone: tzinfo) -> datetime | None:
    """When the screen wakes from the rest that is on; None when none is."""
    if setting.rests_until is None or not setting.rests(now.astimezone(zone).time()):
        return None
    return _next(setting.rests_until, now, zone)


def correction_until(at: datetime, now: datetime) -> datetime | None:
    """Until when a correction of moment `at` is on now; None when it is not."""
    if not at <= now < at + SAID_FOR:
        return None
    turn = (now - at) // AGAIN_EVERY
    ends_at = at + turn * AGAIN_EVERY + (AGAIN_FOR if turn else FIRST_FOR)
    return ends_at if now < ends_at else None


def correction_again(at: datetime, now: datetime) -> datetime | None:
    """When a correction of moment `at` is said next; None when it was said for the last time."""
    again_at = at + ((now - at) // AGAIN_EVERY + 1) * AGAIN_EVERY
    return again_at if now >= at and again_at < at + SAID_FOR else None


def due(
    now: datetime, lasts: timedelta, starts_at: datetime | None, others: Iterable[datetime | None]
) -> datetime:
    """When the picture after this one is due: after `lasts`, up to a full second, so that screens
    change together; sooner when a reveal starts or another moment comes."""
    if starts_at is not None and now < starts_at <= now + AWAITED:
        return min([starts_at, *(at for at in others if at is not None and at > now)])
    usual = now + lasts
    if usual.microsecond:
        usual = usual.replace(microsecond=0) + timedelta(seconds=1)
    return min([usual, *(at for at in (starts_at, *others) if at is not None and at > now)])


def _next(at: time, now: datetime, zone: tzinfo) -> datetime:
    """The next moment after `now` at which clocks in a zone show a time, or skip it."""
    today = now.astimezone(zone).date()
    for days in range(3):
        wall = datetime.combine(today + timedelta(days=days), at)
        # Where clocks go back, a time comes twice.
        for moment in (_moment(wall, zone), wall.replace(tzinfo=zone, fold=1).astimezone(UTC)):
            if moment > now:
                return moment
    raise AssertionError("a day has at most 25 hours")


def _moment(wall: datetime, zone: tzinfo) -> datetime:
    """When clocks first show a time; where they go forward over it, when they do."""
    late = wall.replace(tzinfo=zone).astimezone(UTC)
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while early < late - timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late if late.microsecond == 0 else late.replace(microsecond=0) + timedelta(seconds=1)
