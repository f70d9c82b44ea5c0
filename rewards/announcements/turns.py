"""Announcements one after the other, each from when the screens are free. Pure.

Laws: of two reveals the one that was to begin first keeps the screens to its end, however long a leader
takes for it; the other begins then, and is shown from its first step to its last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rewards.announcements.announcement import Announcement
from rewards.announcements.timetable import ends_at


def in_turn(announcements: Iterable[Announcement]) -> list[Announcement]:
    """The announcements in the order in which they begin, each with the moment when it does. Those that
    are over must be among them as long as one may have waited for them."""
    turned: list[Announcement] = []
    free_at: datetime | None = None
    for one in sorted(announcements, key=lambda one: (one.starts_at, one.id)):
        waits = free_at is not None and one.starts_at < free_at
        mine = replace(one, waits_until=free_at if waits else None)
        turned.append(mine)
        over_at = _over_at(mine)
        free_at = over_at if free_at is None else max(free_at, over_at)
    return turned


def _over_at(one: Announcement) -> datetime:
    """When its reveal is over, was, or was stopped; of one that is stepped, unless somebody presses again."""
    over_at = ends_at(one.plan, one.manner, one.begins_at, one.steps_taken)
    stopped = [event.at for event in one.events if event.kind in ("finished", "called_off")]
    # Never on, it kept nobody waiting; and what a worker noted late was over before.
    return max(one.starts_at, min([over_at, *stopped]))
