"""For how long an announcement has the screens, so that two do not want them at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from rewards.announcements.announcement import Announcement
from rewards.announcements.plan import Plan
from rewards.announcements.timetable import FORGOTTEN, Manner, length


def stretch(plan: Plan, manner: Manner) -> timedelta:
    """How long a reveal has the screens for itself: a timed one as long as it takes; a stepped one,
    of which nobody can know, half an hour."""
    return length(plan) if manner == "timed" else FORGOTTEN


def over_at(announcement: Announcement, now: datetime) -> datetime:
    """When the screens are free again. Of a stepped one that is on: when it is over at the latest,
    should nobody press anything any more."""
    position = announcement.position(now)
    if position.over:
        return now
    if announcement.manner == "stepped" and position.step is not None and position.next_at:
        return position.next_at
    return announcement.begins_at + stretch(announcement.plan, announcement.manner)


def in_the_way(
    others: Iterable[Announcement], starts_at: datetime, takes: timedelta, now: datetime
) -> Announcement | None:
    """The first of the others that would be on in the same stretch of time."""
    ends_at = starts_at + takes
    return next(
        (
            one
            for one in others
            if not one.position(now).over
            and one.begins_at < ends_at
            and starts_at < over_at(one, now)
        ),
        None,
    )
