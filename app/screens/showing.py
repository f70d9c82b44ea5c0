"""What a screen shows at a moment. Pure but for what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.announcing.frame import Frame
from app.screens.slides.slide import Content

What = Literal["slide", "reveal", "correction", "rest", "empty"]


@dataclass(frozen=True, slots=True)
class Correction:
    """Something that was announced wrongly, said aloud."""

    contest: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Showing:
    """One picture. `key` names it: the same key with another `version` is the same picture renewed."""

    what: What
    key: str  # a slide's key; "reveal-3-7", "rehearsal-…", "correction-12", "rest", "empty"
    version: str  # changes with what is shown: an ETag is made of it
    describes: str  # for the administrator
    next_at: datetime | None = None  # when the next picture is due; None: only a signal changes it
    topics: tuple[str, ...] = ()  # what to listen to besides the screen's own
    content: Content | None = None  # slide
    frame: Frame | None = None  # reveal
    correction: Correction | None = None
