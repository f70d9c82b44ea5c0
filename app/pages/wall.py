"""What the company reshared, as everybody may see it.

Laws: who hides, pauses or left is named nowhere, not even here; an alias never stands beside a post,
which says whose it is, nor beside points, which say which row of a board moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from app.council import Whose, current_council, may_show
from app.pages.deeds import possessive, quoted
from app.pages.faces import Face, faces, unnamed
from scoring import Reshare, platforms, wall

LONGEST: Final = 36  # of a title made of a post's first words


@dataclass(frozen=True, slots=True)
class Shown:
    """One reshare on the wall."""

    name: str
    tint: int | None  # None: not named
    owner: str  # whose it is, as short as it can be said
    ending: str  # what makes it a possessive; outside the name, which may be written leftwards
    title: str | None  # the post's first words
    text: str | None
    url: str | None
    points: int
    occurred_at: datetime
    network: str


async def shown_wall(
    connection: Any, *, limit: int, now: datetime, secret: str, before: datetime | None = None
) -> list[Shown]:
    """The newest reshares, newest first."""
    reshares = await wall(connection, limit=limit, before=before)
    people = [reshare.person_id for reshare in reshares]
    known = await faces(connection, people, now=now, secret=secret, whose=Whose.NAME)
    if not may_show(await current_council(connection), Whose.COLLEAGUE):
        reshares = [replace(reshare, points=0) for reshare in reshares]
    return [
        _shown(reshare, known[reshare.person_id])
        for reshare in reshares
        if reshare.person_id in known
    ]


def _shown(reshare: Reshare, seen: Face) -> Shown:
    face = unnamed(seen)
    if face.is_alias:
        reshare = replace(reshare, text=None, url=None, points=0)
    owner = face.name if face.is_alias else _short(face.name)
    return Shown(
        name=face.name,
        tint=None if face.is_alias else face.tint,
        owner=owner,
        ending=possessive(owner).removeprefix(owner),
        title=quoted(reshare.text, LONGEST),
        text=reshare.text,
        url=safe_address(reshare.url),
        points=reshare.points,
        occurred_at=reshare.occurred_at,
        network=label(reshare.platform),
    )


def _short(name: str) -> str:
    words: Sequence[str] = name.split()
    return words[0] if words else name


def label(platform: str) -> str:
    """A network's name for people, also of one this installation no longer knows."""
    known = platforms()
    return known[platform].label if platform in known else platform


def safe_address(url: str | None) -> str | None:
    """An address that came from a network, if it is one a link may have: never `javascript:`."""
    return url if url and url.startswith(("https://", "http://")) else None
