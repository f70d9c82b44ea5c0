"""What a page says while there is no board to show. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.auth.viewer import Viewer
from app.council import Council, Whose, may_show
from app.pages.headline import name
from app.pages.leaderboard.kindness import LEAST_RANKED
from app.pages.leaderboard.selection import Selection
from scoring import BoardKey


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something one could do, with where."""

    words: str
    href: str


def why_empty(board: BoardKey, selection: Selection, today: date, council: Council) -> str:
    """Why there is no ranking, kindly."""
    if not may_show(council, Whose.COLLEAGUE):
        return (
            "In this company only teams are compared, and a team is shown from "
            f"{council.least_size} people on. No such team has anything in "
            f"{name(board.period, board.starts_on, today)} yet."
        )
    when = name(board.period, board.starts_on, today)
    ended = "had" if selection.on is not None else "have"
    return (
        f"A board needs {LEAST_RANKED} people. Fewer than that {ended} points in {when}, "
        "so it is everybody together for now."
    )


def next_steps(viewer: Viewer) -> list[NextStep]:
    """Three things to do next, for this person."""
    if not viewer.is_ambassador:
        return [
            NextStep("See what taking part means, and join if you like", "/join"),
            NextStep("Read how points work", "/points"),
            NextStep("Look at what the company shared of colleagues", "/give-and-take"),
        ]
    return [
        NextStep("Link an account you already use", "/me"),
        NextStep("Hand in a post you would like to count", "/me"),
        NextStep("Read how points work", "/points"),
    ]
