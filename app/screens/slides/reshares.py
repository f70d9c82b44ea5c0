"""What the company's own account reshared of colleagues' posts lately.

Law: who goes by an alias is nobody beside a post, and the post is not there either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.council import Whose
from app.pages.deeds import quoted
from app.pages.faces import faces
from app.pages.wall import label
from app.screens.sighted import Sighted, sighted
from app.screens.slides.slide import Content, Sight, SlideKind
from scoring import wall

SHOWN: Final = 4
LOOK_BACK: Final = timedelta(days=30)  # an older one is no news any more
LONGEST: Final = 110  # of a post's words


@dataclass(frozen=True, slots=True)
class Reshared:
    """One reshare; `who` None: a colleague who is not named beside a post."""

    who: Sighted | None
    words: str | None
    network: str
    at: datetime


async def content(sight: Sight, _: Mapping[str, str]) -> Content | None:
    """The newest; None where there were none for a month."""
    found = [
        one
        for one in await wall(sight.connection, limit=SHOWN * 2)
        if sight.now - one.occurred_at <= LOOK_BACK
    ]
    known = await faces(
        sight.connection,
        [one.person_id for one in found],
        now=sight.now,
        secret=sight.secret,
        whose=Whose.NAME,
    )
    shown = []
    for one in found:
        face = known.get(one.person_id)
        if face is None:
            continue
        named = None if face.is_alias else sighted(face, sight.audience)
        words = quoted(one.text, LONGEST) if named else None
        shown.append(Reshared(named, words, label(one.platform), one.occurred_at))
    # Without a name and words it says little: only beside others, and the last to stay.
    shown.sort(key=lambda one: one.who is None)
    shown = shown[:SHOWN]
    if not any(one.who for one in shown):
        return None
    return Content(
        template="reshares.html",
        data={"reshares": shown},
        describes=f"The company's newest reshares, {len(shown)}",
    )


SLIDE = SlideKind(
    name="reshares",
    label="Shared by the company",
    hint="Colleagues’ posts that the company’s own account reshared in the last 30 days.",
    content=content,
)
