"""The way of a contest as a row of moments: which are over, which is now, which are to come. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.pages.contests.countdown import left
from rewards import Moments, Stage

STAGE_WORDS: Final = {
    Stage.DRAFT: "Draft",
    Stage.SCHEDULED: "Scheduled",
    Stage.RUNNING: "Running",
    Stage.SETTLING: "Settling",
    Stage.REVIEW: "In review",
    Stage.DECIDED: "Decided",
    Stage.ANNOUNCED: "Announced",
    Stage.CLOSED: "Closed",
    Stage.CANCELLED: "Cancelled",
}
# Those in which something moves by itself, so that the page looks again.
MOVING: Final = frozenset({Stage.SCHEDULED, Stage.RUNNING, Stage.SETTLING, Stage.REVIEW})


@dataclass(frozen=True, slots=True)
class Moment:
    """One step: when it was or will be; `later` are the words where nobody knows when."""

    word: str
    at: datetime | None
    past: bool
    later: str = "to come"
    now: bool = False


def way(
    moments: Moments, happened: dict[str, datetime], now: datetime, *, cancelled_at: datetime | None
) -> list[Moment]:
    """The steps in their order; of those to come the first is where the contest stands now."""
    if cancelled_at is not None:
        return [
            step for step in way(moments, happened, now, cancelled_at=None)
            if step.at is not None and step.past and step.at < cancelled_at
        ] + [Moment("Cancelled", cancelled_at, past=True)]  # fmt: skip
    steps = [
        clocked("Published", happened.get("published"), now),
        clocked("Starts", moments.starts_at, now),
        clocked("Standing freezes", moments.freezes_at, now) if moments.freezes_at else None,
        clocked("Ends", moments.ends_at, now),
        clocked("Late deliveries until", moments.settles_at, now),
        clocked("Decided", happened.get("decided"), now),
        clocked("Announced", happened.get("announced"), now),
        clocked("Closed", happened.get("closed"), now),
    ]
    known = [step for step in steps if step is not None]
    following = next((place for place, step in enumerate(known) if not step.past), None)
    return [
        replace(step, now=True) if place == following else step for place, step in enumerate(known)
    ]


def clocked(word: str, at: datetime | None, now: datetime) -> Moment:
    """A step by the clock: over once its moment has passed."""
    return Moment(word, at, past=at is not None and at <= now)


def line(stage: Stage, moments: Moments, now: datetime) -> str:
    """What the stage means at this moment, in a sentence."""
    match stage:
        case Stage.SCHEDULED:
            return f"It starts in {left(moments.starts_at - now)}."
        case Stage.RUNNING:
            return f"It ends in {left(moments.ends_at - now)}."
        case Stage.SETTLING:
            return f"Late deliveries still count for {left(moments.settles_at - now)}."
        case Stage.REVIEW:
            return "Everything is counted; open cases keep it from being decided."
        case Stage.DECIDED:
            return "The winners are decided; their awards go through approval."
        case Stage.ANNOUNCED:
            return "The winners are announced."
        case Stage.CLOSED:
            return "Everything in it is done."
        case Stage.CANCELLED:
            return "It was cancelled; nothing was won."
        case _:
            return "Nobody but HR sees it."
