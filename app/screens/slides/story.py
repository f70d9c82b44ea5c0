"""What a colleague wrote, in their words: a post that the company reshared or that was handed in.

Law: it is there only while its author is shown by name; an alias never stands beside a post.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.announcing.named import first_name, outside
from app.council import Whose
from app.pages.deeds import quoted
from app.pages.faces import faces, keyed
from app.pages.offers import offers
from app.pages.wall import label
from app.pages.words import initials
from app.screens.sighted import Sighted, sighted
from app.screens.slides.slide import Content, Option, Sight, SlideKind
from scoring import wall

NEWEST: Final = "newest"
LOOK_BACK: Final = timedelta(days=60)
CANDIDATES: Final = 20
LONGEST: Final = 320  # what is read in the time of a slide


@dataclass(frozen=True, slots=True)
class Story:
    """A post with its author."""

    key: str
    who: Sighted
    text: str
    network: str
    at: datetime


async def content(sight: Sight, options: Mapping[str, str]) -> Content | None:
    """The chosen post while it may be shown, else the newest; None where there is none."""
    found = await _stories(sight)
    if not found:
        return None
    chosen = options.get("post") or NEWEST
    if chosen != NEWEST:
        found = [one for one in found if one.key == chosen]
    return None if not found else Content(
        template="story.html",
        data={"story": found[0]},
        # Without the author: this is read until the screen is heard of again, whoever hides meanwhile.
        describes=f"A colleague’s post on {found[0].network}",
    )  # fmt: skip


async def _stories(sight: Sight) -> list[Story]:
    reshared = await wall(sight.connection, limit=CANDIDATES)
    known = await faces(
        sight.connection,
        [one.person_id for one in reshared],
        now=sight.now,
        secret=sight.secret,
        whose=Whose.NAME,
    )
    found: dict[str, Story] = {}
    for one in reshared:
        face = known.get(one.person_id)
        if face is not None and not face.is_alias:
            who = sighted(face, sight.audience)
            if who is None:
                continue
            _add(sight, found, who, one.text, one.url, label(one.platform), one.occurred_at)
    since = sight.now - LOOK_BACK
    for offer in await offers(sight.connection, start_at=since, now=sight.now, secret=sight.secret):
        if offer.tint is not None:
            name = outside(offer.name) if sight.public else offer.name
            if name is None:
                continue
            who = Sighted(name, first_name(offer.name), initials(name), offer.tint)
            _add(sight, found, who, offer.text, offer.url, offer.network, offer.published_at)
    return sorted(
        (one for one in found.values() if one.at >= since), key=lambda one: one.at, reverse=True
    )


def _add(
    sight: Sight, found: dict[str, Story], who: Sighted, text: str | None, url: str | None,
    network: str, at: datetime,
) -> None:  # fmt: skip
    words = quoted(text, LONGEST)
    if words:
        key = keyed(sight.secret, url or words)[:12]
        found.setdefault(key, Story(key, who, words, network, at))


async def _posts(sight: Sight) -> list[tuple[str, str]]:
    found = await _stories(sight)
    return [
        (NEWEST, "The newest"),
        *((one.key, f"{one.who.name}: {quoted(one.text, 60)}") for one in found),
    ]


SLIDE = SlideKind(
    name="story",
    label="A colleague’s post",
    hint="What a colleague wrote, reshared by the company or handed in; only by people shown by name.",
    content=content,
    options=(Option("post", "Which", _posts),),
)
