"""Where a contest stands: from its charter, what was decided about it, and the clock. Pure.

Law: a stage is never stored. The clock moves it on until something needs a decision on record; what
people or the clock decided (`contest_event`) says the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from rewards.contests.charter import Charter, Prize, Terms


class Stage(StrEnum):
    """The life of a contest, in order; or cancelled."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    SETTLING = "settling"  # it ended; what arrives late still counts
    REVIEW = "review"  # counted out; open cases are decided first
    DECIDED = "decided"
    ANNOUNCED = "announced"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Event:
    """A decision on record: `kind` as in the table contest_event."""

    kind: str
    at: datetime
    person_id: int | None = None  # None: the clock
    detail: Mapping[str, Any] = field(default_factory=dict)


class Amendment(Terms, frozen=True, kw_only=True):
    """A change of a published charter, from its moment on: a later end, further prizes, a contact."""

    number: int  # 1, 2, 3 …
    at: datetime
    text: str  # what changes, a sentence for entrants
    end_at: datetime | None = None
    prizes: tuple[Prize, ...] = ()
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Moments:
    """When a contest does what by itself."""

    starts_at: datetime
    freezes_at: datetime | None
    ends_at: datetime
    settles_at: datetime


def amended(charter: Charter, amendments: Sequence[Amendment]) -> Charter:
    """The terms that hold with all amendments; the charter under its hash stays what it is."""
    for amendment in amendments:
        charter = msgspec.structs.replace(
            charter,
            end_at=amendment.end_at or charter.end_at,
            prizes=(*charter.prizes, *amendment.prizes),
            contact=amendment.contact or charter.contact,
        )
    return charter


def moments(charter: Charter, amendments: Sequence[Amendment] = ()) -> Moments:
    """The moments of a charter with its amendments."""
    terms = amended(charter, amendments)
    freeze = None if terms.freeze_hours is None else timedelta(hours=terms.freeze_hours)
    return Moments(
        starts_at=terms.start_at,
        # A contest shorter than its freeze is frozen from its start on.
        freezes_at=None if freeze is None else max(terms.start_at, terms.end_at - freeze),
        ends_at=terms.end_at,
        settles_at=terms.end_at + timedelta(hours=terms.settle_hours),
    )


_RECORDED = (
    ("cancelled", Stage.CANCELLED),
    ("closed", Stage.CLOSED),
    ("announced", Stage.ANNOUNCED),
    ("decided", Stage.DECIDED),
)


def stage(
    charter: Charter | None,
    events: Sequence[Event],
    now: datetime,
    amendments: Sequence[Amendment] = (),
) -> Stage:
    """Where a contest with these events of its charter stands at a moment."""
    happened = {event.kind for event in events}
    if charter is None or "withdrawn" in happened:
        return Stage.DRAFT
    for kind, reached in _RECORDED:
        if kind in happened:
            return reached
    when = moments(charter, amendments)
    if now < when.starts_at:
        return Stage.SCHEDULED
    if now < when.ends_at:
        return Stage.RUNNING
    return Stage.SETTLING if now < when.settles_at else Stage.REVIEW
