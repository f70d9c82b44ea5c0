"""An announcement and what happened to it since. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rewards.announcements.plan import Plan
from rewards.announcements.timetable import Manner, Position, position


@dataclass(frozen=True, slots=True)
class AnnouncementEvent:
    """Something that happened; `person_id` None is the clock."""

    id: int
    kind: str  # stepped, called_off, finished, corrected
    step: int | None  # counted from 0
    person_id: int | None
    words: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """How a decided contest is announced."""

    id: int
    contest_id: int
    slug: str
    person_id: int | None  # who announces; None: the clock, for nobody else did
    line: str
    manner: Manner
    starts_at: datetime
    plan: Plan
    recorded_at: datetime
    events: tuple[AnnouncementEvent, ...]
    waits_until: datetime | None = (
        None  # later than `starts_at`: until then another has the screens
    )

    @property
    def begins_at(self) -> datetime:
        """When it begins: at its moment, or when the screens are free."""
        return self.waits_until or self.starts_at

    @property
    def steps_taken(self) -> list[tuple[int, datetime]]:
        """The steps that a leader asked for, oldest first."""
        return [(event.step, event.at) for event in self.events if event.step is not None]

    @property
    def called_off(self) -> bool:
        """Whether it was called off before it began."""
        return any(event.kind == "called_off" for event in self.events)

    @property
    def finished_at(self) -> datetime | None:
        """When its reveal was over and everybody was told."""
        return next((event.at for event in self.events if event.kind == "finished"), None)

    @property
    def corrections(self) -> tuple[AnnouncementEvent, ...]:
        """What was corrected afterwards, oldest first."""
        return tuple(event for event in self.events if event.kind == "corrected")

    def tells_of(self, award_id: int, passed_from: int | None) -> bool:
        """Whether it tells of an award, or of the one that it was passed on from since."""
        told = {award for step in self.plan.steps for award in step.awards}
        return award_id in told or passed_from in told

    def position(self, now: datetime) -> Position:
        """Where its reveal is."""
        if self.called_off or self.finished_at is not None:
            return Position(None, None, over=True)
        return position(self.plan, self.manner, self.begins_at, self.steps_taken, now)
