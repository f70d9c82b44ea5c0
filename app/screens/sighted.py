"""People as a screen shows them. Pure.

Law: before the public a person is an alias or a first name, and nothing else of them is there; whoever
has neither is not there.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.announcing.named import Audience, first_name, outside
from app.pages.faces import Face
from app.pages.words import initials


@dataclass(frozen=True, slots=True)
class Sighted:
    """A person on a slide. `tint` 0 and no initials: nobody who is named."""

    name: str
    short: str
    initials: str
    tint: int
    department: str | None = None


def sighted(face: Face, audience: Audience) -> Sighted | None:
    """A face before an audience; None where it cannot be named to it."""
    short = face.name if face.is_alias else first_name(face.name)
    name = face.name if face.is_alias or audience == "staff" else outside(face.name)
    if name is None:
        return None
    department = None if audience == "public" else face.place
    return Sighted(name, short, initials(name), face.tint, department)
