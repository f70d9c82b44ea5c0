"""What may be shown of a winner, decided in one place for pages, screens, messages and pictures. Pure.

Laws: nothing without the winner's yes; an alias stays an alias and has no department; whoever hides,
pauses or left is "a colleague", without value, prize or department; a public screen shows aliases or
first names, and no prize. Whose first name nobody can tell from the written one is "a colleague" there.
A team that won is the winner itself: staff read its name, the public "a team", for no department is named
there.
"""

from __future__ import annotations

import re
import unicodedata
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
    is_team: bool = False


# What stands before or behind a name without being one: "Prof.", "Dipl.-Ing.", "PhD". What is somebody's
# first name too, such as Phil, only with its full stop.
_NO_NAME: Final = re.compile(
    r"(?:(?:jr|sr|ii|iii|iv|ph\.?d|md|m\.d|mba|m\.?sc|esq|prof|professor|dr|doctor|mr|mrs|ms|miss|mx|sir"
    r"|herr|frau|hr|mme|mlle|sra|srta|dra|dott)\.?-?"
    r"|(?:dipl\.-?\w*|dott\.ssa|mag|ing|priv|doz|med|jur|rer|nat|phil|h\.c|fr|dame)\.-?)+",
    re.IGNORECASE,
)
_FAMILY_FIRST: Final = (
    "CJK ", "HIRAGANA ", "KATAKANA", "HALFWIDTH ", "HANGUL ", "BOPOMOFO ",
)  # fmt: skip
COLLEAGUE: Final = Named(A_COLLEAGUE, A_COLLEAGUE, "", None, nameless=True)


A_TEAM: Final = Named("A team", "A team", "", None, nameless=True, is_team=True)


def team_named(team: str, audience: Audience) -> Named:
    """A team that won before an audience; what its members chose for themselves is not asked here."""
    if audience == "public":
        return A_TEAM
    return Named(team, team, team[:1].upper(), 0, is_team=True)


def named(award: AwardView, face: Face | None, audience: Audience) -> Named:
    """The winner of an award before an audience. `face` None: hides, pauses or left."""
    said = award.display.name
    if face is None or said == "none" or (said == "alias" and not face.is_alias):
        # Who chose an alias and has none any more chose not to stand there by name.
        return COLLEAGUE
    public = audience == "public"
    short = face.name if face.is_alias else first_name(face.name)
    name = face.name if face.is_alias or not public else outside(face.name)
    if name is None:
        return COLLEAGUE
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


def outside(name: str) -> str | None:
    """The first name, which is all that the public reads of a name; None where it cannot be told from
    the family's."""
    first = first_name(name)
    # Who writes in these letters puts the family first, with or without a space behind it.
    if any(unicodedata.name(letter, "").startswith(_FAMILY_FIRST) for letter in first):
        return None
    # What a title leaves of "Dr. Okafor" is a family.
    alone = len(_given(name)) == 1
    return None if alone and _words(name) != [name.strip()] else first


def first_name(name: str) -> str:
    """The name a colleague is called by: the first word that is no title, of "Okafor, Maya" the first
    behind the comma."""
    return (_given(name) or _words(name) or [name])[0]


def _given(name: str) -> list[str]:
    """The words of a name without titles, the family's last."""
    before, behind = (
        [word for word in _words(part) if not _NO_NAME.fullmatch(word)]
        for part in (name.partition(",")[0], name.partition(",")[2])
    )
    return [*behind, *before]


def _words(name: str) -> list[str]:
    return name.replace(",", " ").split()
