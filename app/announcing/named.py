"""What may be shown of a winner, decided in one place for pages, screens, messages and pictures. Pure.

Laws: nothing without the winner's yes; an alias stays an alias and has no department; whoever hides,
pauses or left is "a colleague", without value, prize or department; a public screen shows aliases or
first names, and no prize.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from app.pages.faces import A_COLLEAGUE, Face
from app.pages.words import initials
from rewards import Amount, AwardView

Audience = Literal["staff", "public"]


@dataclass(frozen=True, slots=True)
class Gift:
    """What was won, to be put into words in the reader's language."""

    amounts: tuple[Amount, ...] = ()  # two: the one or the other
    text: str | None = None  # of recognition, as HR wrote it


@dataclass(frozen=True, slots=True)
class Named:
    """A winner as an audience may see them."""

    name: str
    short: str  # as a headline calls them
    initials: str
    tint: int | None  # None: nobody who is named, so without letters and colour
    department: str | None = None
    gift: Gift | None = None  # only with the winner's yes
    nameless: bool = False
    is_alias: bool = False


# What stands behind a comma without being a name.
_NO_NAMES: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "msc", "esq"})
COLLEAGUE: Final = Named(A_COLLEAGUE, A_COLLEAGUE, "", None, nameless=True)


def named(award: AwardView, face: Face | None, audience: Audience) -> Named:
    """The winner of an award before an audience. `face` None: hides, pauses or left."""
    said = award.display.name
    if face is None or said == "none" or (said == "alias" and not face.is_alias):
        # Who chose an alias and has none any more chose not to stand there by name.
        return COLLEAGUE
    public = audience == "public"
    short = face.name if face.is_alias else first_name(face.name)
    name = short if public else face.name
    return Named(
        name,
        short,
        initials(name),
        face.tint,
        department=None if public else face.place,
        gift=gift(award) if award.display.prize and not public else None,
        is_alias=face.is_alias,
    )


def gift(award: AwardView) -> Gift:
    """What an award gives; of two to choose from both, until the winner chose."""
    held = (award.chosen,) if award.chosen else award.options
    return Gift(tuple(one.amount for one in held), award.terms.text if not held else None)


def first_name(name: str) -> str:
    """The name a colleague is called by: the first word, of "Okafor, Maya" the first behind the comma."""
    before, _, behind = (part.split() for part in name.partition(","))
    if behind and behind[0].casefold().strip(".") not in _NO_NAMES:
        return behind[0]
    return (before or [name])[0]
