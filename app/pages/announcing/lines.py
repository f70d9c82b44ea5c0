"""Winners for whoever prepares an announcement: what each decided to show, and what screens make of it.

Law: of somebody who shows no name a leader learns here no more than the screens say. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.announcing.podium import Material, Podium, Standee, podiums
from app.pages.announcing.steps import gift_words, where_of
from app.pages.contests.prizes import who
from app.pages.words import counted, ordinal
from rewards import AwardState, AwardView, Charter, Plan
from scoring import metrics

NOT_YET: Final = "Has not answered yet, so shows no name"
NO_NAME: Final = "Shows no name"


@dataclass(frozen=True, slots=True)
class WinnerLine:
    """One winner, or a team that won."""

    place: str
    name: str
    tint: int | None  # None: not named
    about: str  # department and value
    decided: str
    prize: str | None  # as it stands beside the name on staff screens
    public: str  # what public screens call them


@dataclass(frozen=True, slots=True)
class WinnerGroup:
    """A bracket in the order of its reveal."""

    title: str | None
    lines: list[WinnerLine]
    reached: list[str]


def winner_groups(plan: Plan, material: Material) -> list[WinnerGroup]:
    """Every part of the reveal, the last place first."""
    made = []
    pairs = zip(podiums(plan, material, "staff"), podiums(plan, material, "public"), strict=True)
    for staff, public in pairs:
        outside = {one.award: one for one in (*public.behind, *public.places)}
        order = [*reversed(staff.behind), *reversed(staff.places)]
        made.append(
            WinnerGroup(
                where_of(staff),
                [_line(one, outside, material) for one in order],
                reached_lines(staff, material.charter),
            )
        )
    return made


def reached_lines(podium: Podium, charter: Charter) -> list[str]:
    """'Everyone who is answered by 25 people: 23 people.'"""
    prizes = {prize.number: prize for prize in charter.prizes}
    return [
        f"{who(charter, prizes[one.prize])}: {counted(one.count, 'person', 'people')}."
        for one in podium.reached
    ]


def _line(standee: Standee, outside: Mapping[int, Standee], material: Material) -> WinnerLine:
    named = standee.named
    parts = [named.department, value_words(standee, material.charter)]
    return WinnerLine(
        place=ordinal(standee.place) if standee.place else "",
        name=named.name,
        tint=named.tint,
        about=" · ".join(part for part in parts if part),
        decided=decided(standee, material.awards.get(standee.award)),
        prize=gift_words(named.gift),
        public=outside[standee.award].named.name,
    )


def value_words(standee: Standee, charter: Charter) -> str | None:
    """'214 people', as far as it may be said."""
    if standee.value is None:
        return None
    return metrics()[charter.metric].in_words(standee.value)


def decided(standee: Standee, award: AwardView | None) -> str:
    """What the winner wants shown, in words."""
    if award is None:
        return "Is not given any more"
    if award.team is not None:
        return f"A team of {counted(standee.members, 'winner')}"
    if standee.named.nameless:
        silent = award.state is AwardState.APPROVED and award.happened("shown") is None
        return NOT_YET if silent else NO_NAME
    name = "an alias" if standee.named.is_alias else "the name"
    return f"Shows {name} and the prize" if standee.named.gift else f"Shows {name}, not the prize"
