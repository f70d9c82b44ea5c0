"""Invented winners, for rehearsing on a screen that others pass. Pure.

Invented are every name, team and figure, and nobody has a department. Real are the contest's name, the
leader's line, its brackets and prizes as everybody may read them, the goal that is to be reached, and the
shape: how many stand on which place, who is shown at all, by alias or with their prize."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeVar

from app.announcing.podium import Material
from app.pages.faces import TINTS, Face

K = TypeVar("K")

# Of several lengths, as real ones are.
_NAMES: Final = (
    "Robin Example", "Kim Sample", "Alexandra Maximiliana Placeholder", "Sam Trial", "Noor Test",
    "Jo Rehearsal", "Charlie Specimen", "Andrea Model-Person", "Luca Pattern", "Toni Stand-In",
)  # fmt: skip
_MOST: Final = 120


def invented(material: Material) -> Material:
    """The same reveal, of people there are not."""
    awards = material.awards.values()
    aliases = {award.person_id for award in awards if award.display.name == "alias"}
    people = sorted({award.person_id for award in awards})
    teams = sorted({team for _, team in material.team_values} | {a.team for a in awards if a.team})
    called = {team: f"Team {number}" for number, team in enumerate(teams, 1)}
    return Material(
        material.charter,
        {
            id: replace(award, team=None if award.team is None else called[award.team])
            for id, award in material.awards.items()
        },
        {
            person: _face(person, number, is_alias=person in aliases)
            for number, person in enumerate(people)
        },
        _figures(material.values),
        {(mode, called[team]): n for (mode, team), n in _figures(material.team_values).items()},
    )


def _face(person: int, number: int, *, is_alias: bool) -> Face:
    turn, which = divmod(number, len(_NAMES))
    return Face(
        person_id=person,
        key=f"invented-{number}",
        name=_NAMES[which] + (f" {turn + 1}" if turn else ""),
        tint=number % TINTS,
        place=None,
        networks=(),
        opens_mix=False,
        opens_gain=False,
        is_alias=is_alias,
    )


def _figures(values: Mapping[K, int]) -> dict[K, int]:
    """Other figures in the same order, equal where they were equal."""
    ranks = {value: rank for rank, value in enumerate(sorted(set(values.values()), reverse=True))}
    return {key: max(1, _MOST - 7 * ranks[value]) for key, value in values.items()}
