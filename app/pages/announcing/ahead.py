"""An announcement step by step, before anybody saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.announcing.frame import frame
from app.announcing.frames import rehearsed
from app.announcing.podium import Material
from app.pages.announcing.steps import StepWords, step_words
from app.pages.contests.countdown import left
from rewards import Preparation, lasts


@dataclass(frozen=True, slots=True)
class StepAhead:
    """One step, and how long it stands when the clock moves it."""

    words: StepWords
    lasts: str


def steps_ahead(prepared: Preparation, material: Material, now: datetime) -> list[StepAhead]:
    """All steps, as staff screens would show them at this moment."""
    imagined = rehearsed(prepared, line="", starts_at=now)
    return [
        StepAhead(
            step_words(frame(imagined, number, material, "staff"), material.charter),
            left(lasts(step)),
        )
        for number, step in enumerate(prepared.plan.steps)
    ]
