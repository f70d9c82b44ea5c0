"""Contests to begin with: forms filled in as experience suggests. Pure.

Many small prizes beat one large one, brackets let small accounts win, and answering people counts more
than shouting: that is what these are made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Template:
    """A contest to begin with."""

    key: str
    name: str
    words: str
    form: dict[str, str]


_COMMON: Final = {
    "networks": "mastodon,standard,x",
    "start_time": "09:00",
    "end_time": "17:00",
    "open_to": "all",
    "who": "people",
    "entering": "click",
    "settle_hours": "72",
    "least": "1",
    "accept_days": "14",
    "tell_privately": "yes",
    "days_expire_months": "12",
}


def _prize(number: int, **fields: str) -> dict[str, str]:
    return {f"prize_{number}_{name.rstrip('_')}": value for name, value in fields.items()}


def templates() -> list[Template]:
    """All of them, each a form that lacks only its days and budgets, and whom to ask."""
    return [
        Template(
            "conversation-starters",
            "Conversation starters",
            "Answered by the most different people, in three brackets, with something for everybody who "
            "gets a conversation going.",
            {
                **_COMMON,
                "name": "Conversation starters",
                "metric": "responses",
                "brackets": "audience:500,5000",
                "cool_down_days": "30",
                "breakers": "earliest,pool,order",
                **_prize(
                    1, for_="place", from_="1", to="1", kind="days", what="2 vacation days",
                    among="each",
                ),
                **_prize(2, for_="place", from_="2", to="2", kind="cash", what="€200", among="each"),
                **_prize(3, for_="reach", reach="25", at_most="30", kind="cash", what="€25", among="all"),
            },
        ),
        Template(
            "new-voices",
            "New voices",
            "For people who begin: followers gained against one's own start, small accounts first, and "
            "who won lately lets others win.",
            {
                **_COMMON,
                "name": "New voices",
                "metric": "growth",
                "growth_floor": "100",
                "brackets": "audience:300,1500",
                "cool_down_days": "180",
                "breakers": "pool,order",
                **_prize(1, for_="place", from_="1", to="3", kind="cash", what="€50", among="each"),
            },
        ),
        Template(
            "team-month",
            "Team month",
            "Departments compare what their people have on average, so that a large one has no advantage.",
            {
                **_COMMON,
                "name": "Team month",
                "metric": "points",
                "who": "departments",
                "team_least": "3",
                "brackets": "none",
                "freeze_hours": "24",
                "breakers": "earliest,pool,order",
                **_prize(1, for_="place", from_="1", to="1", kind="cash", what="€500", among="all"),
                **_prize(
                    2, for_="place", from_="1", to="3", kind="recognition",
                    what="Breakfast with the board", among="all",
                ),
            },
        ),
        Template("empty", "An empty one", "Nothing filled in but what is usual.", dict(_COMMON)),
    ]  # fmt: skip
