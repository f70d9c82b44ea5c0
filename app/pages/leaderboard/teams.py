"""Departments and offices as rows of a board of teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from app.pages.faces import TINTS
from scoring import Team


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team as the page shows it; the mean is per active member."""

    key: str
    id: int
    rank: int
    name: str
    tint: int
    members: int
    mean: float
    you: bool = False  # the viewer's own

    @classmethod
    def of(cls, team: Team, digest: str) -> Self:
        """A team with the key its row carries in the page."""
        tint = int(digest[-2:], 16) % TINTS
        return cls(digest[:12], team.id, team.rank, team.name, tint, team.members, team.mean)
