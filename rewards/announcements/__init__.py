"""Announcing who won: the plan of a reveal, its timetable, and what is recorded of it."""

from rewards.announcements.announcement import Announcement, AnnouncementEvent
from rewards.announcements.plan import Part, Plan, Step, StepKind, Won, plan
from rewards.announcements.timetable import FORGOTTEN, Manner, Position, lasts, length, position

__all__ = [
    "FORGOTTEN",
    "Announcement",
    "AnnouncementEvent",
    "Manner",
    "Part",
    "Plan",
    "Position",
    "Step",
    "StepKind",
    "Won",
    "lasts",
    "length",
    "plan",
    "position",
]
