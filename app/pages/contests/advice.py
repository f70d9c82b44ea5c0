"""What it would take to move up or to win, in words. Pure.

Law: doing what it says, while nobody else does anything, brings what it says.
"""

from __future__ import annotations

from typing import Final

from app.pages.contests.figures import with_unit
from app.pages.contests.prizes import what
from app.pages.words import number, ordinal
from rewards import Charter, Gap

DEEDS: Final = {
    "responses": ("an answer from one new person", "answers from {} new people"),
    "answers": (
        "one more person answering a post of yours",
        "{} more people answering posts of yours",
    ),
    "followers": ("one new follower", "{} new followers"),
}


def deed(metric_name: str, more: int) -> str:
    """'answers from 3 new people', '12 more points'."""
    if metric_name in DEEDS:
        one, many = DEEDS[metric_name]
        return one if more == 1 else many.format(number(more))
    amount, _, unit = with_unit(metric_name, more).partition(" ")
    return f"{amount} more {unit}"


def to_pass(metric_name: str, more: int) -> str:
    """'Answers from 3 new people would take you past who stands next.'"""
    words = deed(metric_name, more)
    return f"{words[:1].upper()}{words[1:]} would take you past whoever stands next."


def to_prize(charter: Charter, gap: Gap) -> str:
    """'Answers from 5 new people would be enough for 2nd place as it stands now: €200.'"""
    words = deed(charter.metric, gap.more)
    prize = next(prize for prize in charter.prizes if prize.number == gap.prize)
    where = f"{ordinal(gap.place)} place as it stands now: " if gap.place is not None else ""
    return f"{words[:1].upper()}{words[1:]} would be enough for {where}{what(prize)}."
