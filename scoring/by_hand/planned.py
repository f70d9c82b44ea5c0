"""What one row of a file of figures would do, as it is shown and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

Verdict = Literal["new", "same", "lower"]
LineOutcome = Literal["new", "same", "lower", "unknown", "own", "unreadable"]
OUTCOMES: Final[tuple[LineOutcome, ...]] = (
    "new", "same", "lower", "unknown", "own", "unreadable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """What one row would do. `figures`: by kind what the file says, what was known, and what that means."""

    line: int
    outcome: LineOutcome
    words: str  # which post it is about, or why the row cannot be used
    post_id: UUID | None = None
    native_id: str | None = None
    observed_at: datetime | None = None
    figures: Mapping[str, tuple[int, int | None, Verdict]] = field(default_factory=dict)


def unreadable(line: int, *why: str) -> PlannedLine:
    """A row that cannot be used, for these reasons."""
    return PlannedLine(line, "unreadable", "; ".join(why))


def shown(text: str) -> str:
    """What names a post, as long as it can be shown."""
    return text if len(text) <= 200 else f"{text[:199]}…"
