"""Which step of a reveal is on at a moment. Pure.

Laws: of a timed reveal the position follows from the clock alone, so that every screen, a late one
and a restarted server come to the same step; of a stepped one from the newest recorded step. A reveal
always ends, also when the leader's phone went out in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from rewards.announcements.plan import Plan, Step, StepKind

Manner = Literal["timed", "stepped"]

# Long enough to read a name across a hall, find the person and clap a little.
_LASTS: Final = {
    StepKind.OPENING: timedelta(seconds=8),
    StepKind.PLACES: timedelta(seconds=8),
    StepKind.PLACE: timedelta(seconds=7),
    StepKind.HEADLINE: timedelta(seconds=9),
    StepKind.REACHED: timedelta(seconds=8),
    StepKind.NOBODY: timedelta(seconds=7),
    StepKind.CLOSING: timedelta(seconds=30),
}
# A stepped reveal in which nobody pressed anything for so long is over.
FORGOTTEN: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a reveal is. `step` is None before it begins and after it is over."""

    step: int | None
    next_at: datetime | None  # when the next picture is due by itself
    over: bool = False


def lasts(step: Step) -> timedelta:
    """How long a step of a timed reveal is shown."""
    return _LASTS[step.kind]


def length(plan: Plan) -> timedelta:
    """How long a timed reveal takes."""
    return sum((lasts(step) for step in plan.steps), timedelta())


def ends_at(
    plan: Plan, manner: Manner, begins_at: datetime, stepped: Sequence[tuple[int, datetime]]
) -> datetime:
    """When the reveal is over; of a stepped one, should nobody press anything any more."""
    if manner == "timed":
        return begins_at + length(plan)
    step, since = stepped[-1] if stepped else (0, begins_at)
    last = plan.steps[min(step, len(plan.steps) - 1)]
    return since + (lasts(last) if last.kind is StepKind.CLOSING else FORGOTTEN)


def position(
    plan: Plan,
    manner: Manner,
    starts_at: datetime,
    stepped: Sequence[tuple[int, datetime]],
    now: datetime,
) -> Position:
    """Where the reveal is now. `stepped`: the steps a leader's remote asked for, oldest first, counted
    from 0; the opening of a stepped one begins at `starts_at` without being asked for."""
    if now < starts_at:
        return Position(None, starts_at)
    if manner == "timed":
        return _timed(plan, starts_at, now)
    step = min(stepped[-1][0] if stepped else 0, len(plan.steps) - 1)
    over_at = ends_at(plan, manner, starts_at, stepped)
    return Position(None, None, over=True) if now >= over_at else Position(step, over_at)


def _timed(plan: Plan, starts_at: datetime, now: datetime) -> Position:
    begins_at = starts_at
    for index, step in enumerate(plan.steps):
        begins_at += lasts(step)
        if now < begins_at:
            return Position(index, begins_at)
    return Position(None, None, over=True)
