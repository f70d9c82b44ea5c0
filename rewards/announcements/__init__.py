"""Announcing who won: the plan of a reveal, its timetable, and what is recorded of it."""

from rewards.announcements.announcement import Announcement, AnnouncementEvent
from rewards.announcements.congratulating import Congratulated, congratulate, congratulations
from rewards.announcements.correcting import correct
from rewards.announcements.finishing import announce_quietly, finish_due
from rewards.announcements.plan import Part, Plan, Step, StepKind, Won, plan
from rewards.announcements.planning import Preparation, plan_announcement, prepare
from rewards.announcements.reading import (
    NoSuchAnnouncement,
    announcement,
    announcements,
    awards_of_announcement,
    newest_correction,
    of_contest,
    on_now,
)
from rewards.announcements.recording import may_announce
from rewards.announcements.stepping import call_off, take_step
from rewards.announcements.timetable import FORGOTTEN, Manner, Position, lasts, length, position
from rewards.announcements.values import winning_values
from rewards.announcements.words import MOST_CORRECTION, MOST_LINE

__all__ = [
    "FORGOTTEN",
    "MOST_CORRECTION",
    "MOST_LINE",
    "Announcement",
    "AnnouncementEvent",
    "Congratulated",
    "Manner",
    "NoSuchAnnouncement",
    "Part",
    "Plan",
    "Position",
    "Preparation",
    "Step",
    "StepKind",
    "Won",
    "announce_quietly",
    "announcement",
    "announcements",
    "awards_of_announcement",
    "call_off",
    "congratulate",
    "congratulations",
    "correct",
    "finish_due",
    "lasts",
    "length",
    "may_announce",
    "newest_correction",
    "of_contest",
    "on_now",
    "plan",
    "plan_announcement",
    "position",
    "prepare",
    "take_step",
    "winning_values",
]
