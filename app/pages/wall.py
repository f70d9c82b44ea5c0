"""What the company reshared, as everybody may see it. Law: who hides is named nowhere, not even here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.pages.deeds import possessive, quoted
from app.pages.faces import faces
from scoring import Reshare, platforms, wall

LONGEST: Final = 36  # of a title made of a post's first words


@dataclass(frozen=True, slots=True)
class Shown:
    """One reshare on the wall."""

    name: str
    tint: int
    words: str
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
    known = await faces(
        connection, [reshare.person_id for reshare in reshares], now=now, secret=secret
    )
    return [
        _shown(reshare, known[reshare.person_id].name, known[reshare.person_id].tint)
        for reshare in reshares
        if reshare.person_id in known
    ]


def _shown(reshare: Reshare, name: str, tint: int) -> Shown:
    title = quoted(reshare.text, LONGEST)
    whose = possessive(_short(name))
    return Shown(
        name=name,
        tint=tint,
        words=f"{whose} “{title}”" if title else f"{whose} post",
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
