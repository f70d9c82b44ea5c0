"""One picture of a reveal: everything that a screen, a message or a winner's picture shows. Pure.

Laws: a frame holds only what its audience may see, whatever draws it; it is the same for everybody of
an audience at a moment, so that all screens show the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.announcing.named import Audience, Named
from app.announcing.podium import Material, Podium, first_places
from app.announcing.podium import podium as podium_of
from rewards import Announcement, StepKind


@dataclass(frozen=True, slots=True)
class Frame:
    """What is on at a step."""

    announcement: int
    contest: str
    slug: str
    metric: str  # a name in scoring.metrics(); its words are the reader's language's
    line: str  # the leader's; '' for none
    kind: StepKind
    podium: Podium | None  # of the step's part; None for opening, nobody at all, closing
    newest: int | None  # the place that this step adds
    headline: tuple[Named, ...]  # whom to name: the step's part, best first; empty before
    firsts: tuple[Podium, ...]  # closing: every part's first places
    step: int  # from 1
    steps: int
    next_at: datetime | None
    rehearsal: bool = False


def frame(
    announcement: Announcement,
    step: int,
    material: Material,
    audience: Audience,
    *,
    next_at: datetime | None = None,
    rehearsal: bool = False,
) -> Frame:
    """The frame of a step, counted from 0."""
    plan = announcement.plan
    now = plan.steps[step]
    podium = None if now.part is None else podium_of(plan, step, now.part, material, audience)
    named_now = now.kind in (StepKind.HEADLINE, StepKind.REACHED)
    return Frame(
        announcement=announcement.id,
        contest=material.charter.name,
        slug=announcement.slug,
        metric=material.charter.metric,
        line=announcement.line,
        kind=now.kind,
        podium=podium,
        newest=now.place,
        headline=tuple(one.named for one in podium.places) if podium and named_now else (),
        firsts=first_places(plan, material, audience) if now.kind is StepKind.CLOSING else (),
        step=step + 1,
        steps=len(plan.steps),
        next_at=next_at,
        rehearsal=rehearsal,
    )
