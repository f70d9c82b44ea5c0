"""Who stands where in one part of a reveal, as far as it is revealed, before an audience. Pure.

Law: a podium holds only what its audience may see of a winner, which `named` decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.announcing.named import COLLEAGUE, Audience, Named, named, team_named
from app.pages.faces import Face
from rewards import AwardView, Charter, Mode, Part, Plan, PrizeKind, Step, StepKind


@dataclass(frozen=True, slots=True)
class Standee:
    """Somebody on a podium. Of a team: its name, and how many of it won."""

    award: int
    place: int | None
    named: Named
    value: int | None  # in the metric's unit; None where it would say who a nameless one is
    members: int = 1


@dataclass(frozen=True, slots=True)
class Reached:
    """How many reached a threshold, or were drawn among those who did."""

    prize: int
    count: int
    value: int  # the threshold
    drawn: bool


@dataclass(frozen=True, slots=True)
class Podium:
    """One part as far as it is revealed: standees by place, those behind, those who reached."""

    part: Part | None
    bracket: str | None  # its name; None where people are not divided, or it is among all of them
    of_all: bool  # among all brackets, where there are several
    places: tuple[Standee, ...]  # of the first three, best first
    behind: tuple[Standee, ...] = ()
    reached: tuple[Reached, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """What frames are made of, read once."""

    charter: Charter
    awards: Mapping[
        int, AwardView
    ]  # those that are won, by id; one refused or declined is not here
    faces: Mapping[int, Face]
    values: Mapping[tuple[Mode, int], int]  # final value by standing and person
    team_values: Mapping[tuple[Mode, str], int]


def podiums(plan: Plan, material: Material, audience: Audience) -> list[Podium]:
    """Every part in full, for what is shown when the reveal is over."""
    last = len(plan.steps) - 1
    return [podium(plan, last, index, material, audience) for index in range(len(plan.parts))]


def podium(plan: Plan, upto: int, index: int, material: Material, audience: Audience) -> Podium:
    """A part, by its number, as far as it is revealed by the step `upto`; both counted from 0."""
    part = plan.parts[index]
    steps = [step for step in plan.steps[: upto + 1] if step.part == index]
    divided = len(material.charter.brackets) > 1
    bracket = material.charter.brackets[part.bracket].name if part.bracket is not None else None
    places = [
        one
        for step in reversed(steps)
        if step.kind is StepKind.PLACE
        for one in _standees(step, part.mode, material, audience)
    ]
    behind = [
        one
        for step in steps
        if step.kind is StepKind.PLACES
        for one in _standees(step, part.mode, material, audience)
    ]
    return Podium(
        part,
        bracket if divided else None,
        divided and part.bracket is None,
        tuple(places),
        tuple(behind),
        tuple(_reached(step, material) for step in steps if step.kind is StepKind.REACHED),
    )


def first_places(plan: Plan, material: Material, audience: Audience) -> tuple[Podium, ...]:
    """Every part with no more than its first places and how many reached a threshold."""
    whole = podiums(plan, material, audience)
    return tuple(
        Podium(
            one.part,
            one.bracket,
            one.of_all,
            tuple(standee for standee in one.places if standee.place == 1) or one.places[:1],
            reached=one.reached,
        )
        for one in whole
        if one.places or one.reached
    )


def _standees(
    step: Step, mode: Literal["prize", "recognition"], material: Material, audience: Audience
) -> list[Standee]:
    """Of people one each; of a team one for all its members."""
    found: dict[object, Standee] = {}
    teams = any(
        id in material.awards and material.awards[id].team is not None for id in step.awards
    )
    for id in step.awards:
        award = material.awards.get(id)
        place = award.place if award else step.place
        if award is None and teams:
            continue  # a member declined: the team stands there all the same
        if award is None:
            # Refused or given back since it was planned: nobody stands there by name.
            found[id] = Standee(id, place, COLLEAGUE, None)
        elif award.team is not None:
            before = found.get(award.team)
            members = before.members + 1 if before else 1
            team = team_named(award.team, audience)
            value = None if team.nameless else material.team_values.get((mode, award.team))
            found[award.team] = Standee(before.award if before else id, place, team, value, members)
        else:
            who = named(award, material.faces.get(award.person_id), audience)
            value = None if who.nameless else material.values.get((mode, award.person_id))
            found[id] = Standee(id, place, who, value)
    return list(found.values())


def _reached(step: Step, material: Material) -> Reached:
    prize = next(one for one in material.charter.prizes if one.number == step.prize)
    won = [id for id in step.awards if id in material.awards]
    goal = max(prize.reach or 0, material.charter.least)
    return Reached(prize.number, len(won), goal, drawn=prize.kind is PrizeKind.DRAW)
