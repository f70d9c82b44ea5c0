"""What a winner alone reads of their award: how others see it, who congratulated, their picture. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.announcing.named import named
from app.announcing.podium import Material
from app.pages.contests.about import listed
from app.pages.faces import Face
from app.pages.words import counted
from rewards import AwardView, Congratulated


@dataclass(frozen=True, slots=True)
class Own:
    """An award of the viewer's own: what others see of it, and who congratulated."""

    what: str
    shown: str
    picture: str | None  # its address; who is not named has none
    change: str  # where the winner decides otherwise
    wished: str


def own(
    award: AwardView,
    slug: str,
    given: Congratulated,
    known: Mapping[int, Face],
    material: Material,
) -> Own:
    """The winner's own line; `known` are the faces of who congratulated them."""
    shown = named(award, material.faces.get(award.person_id), "staff")
    is_nobody = award.team is None and shown.nameless
    is_away = award.team is None and award.person_id not in material.faces
    if award.team is not None:
        words = f"Others read “{award.team}” here, the name of your team."
    elif is_nobody:
        words = "Others read “A colleague” here."
        if is_away:
            words += " You hide or take no part now, and that goes before what you chose for it."
    else:
        prize = "with your prize" if shown.gift else "without your prize"
        words = f"Others read “{shown.name}” here, {prize}."
    return Own(
        what=award.what,
        shown=words,
        picture=None if is_nobody else f"/announcements/{slug}/picture/{award.id}.png",
        change="/me" if is_away else "/rewards",
        wished=own_words(given.people, known),
    )


def own_words(people: Sequence[int], known: Mapping[int, Face]) -> str:
    """Who congratulated: 'Ana Brito, Quiet Falcon and 2 colleagues congratulated you.'"""
    if not people:
        return ""
    by_name = [known[person].name for person in people if person in known]
    rest = len(people) - len(by_name)
    who = listed([*by_name, *([counted(rest, "colleague")] if rest else [])])
    return f"{who} congratulated you."
