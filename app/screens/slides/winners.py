"""Who won the contest that was announced last, or one that was chosen; as each winner allows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from app.announcing.frames import shown_podiums
from app.announcing.podium import Podium
from app.screens.slides.slide import Content, Option, Sight, SlideKind
from rewards import Announcement, announcements, every_contest

NEWEST: Final = "newest"
LOOK_BACK: Final = timedelta(days=30)  # older winners have had their applause, unless chosen
CHOICES: Final = 30


async def content(sight: Sight, options: Mapping[str, str]) -> Content | None:
    """The winners; None where nothing was announced lately or nobody won."""
    chosen = options.get("contest") or NEWEST
    found = await _announced(sight, chosen)
    if found is None or found.finished_at is None:
        return None
    charter = {one.id: one for one in await every_contest(sight.connection)}[
        found.contest_id
    ].charter
    podiums = await shown_podiums(
        sight.connection, found, audience=sight.audience, now=sight.now, secret=sight.secret
    )
    podiums = [one for one in podiums if one.places or one.reached]
    if not podiums:
        return None
    on = sight.language.day(found.finished_at.astimezone(sight.zone).date())
    return Content(
        template="winners.html",
        data={
            "contest": charter.name,
            "metric": charter.metric,
            "on": on,
            "podium": podiums[0] if len(podiums) == 1 and podiums[0].places else None,
            "firsts": [_first(one) for one in podiums],
        },
        describes=f"The winners of {charter.name}",
    )


async def _announced(sight: Sight, slug: str) -> Announcement | None:
    found = await announcements(sight.connection, finished=True, limit=CHOICES)
    if slug != NEWEST:
        return next((one for one in found if one.slug == slug), None)
    newest = found[0] if found else None
    if newest is None or newest.finished_at is None:
        return None
    return newest if sight.now - newest.finished_at <= LOOK_BACK else None


def _first(podium: Podium) -> Podium:
    best = min((one.place or 0 for one in podium.places), default=0)
    places = tuple(one for one in podium.places if (one.place or 0) == best)
    return Podium(podium.part, podium.bracket, podium.of_all, places, reached=podium.reached)


async def _contests(sight: Sight) -> list[tuple[str, str]]:
    contests = await every_contest(sight.connection)
    names = {one.id: one.charter.name for one in contests if one.published}
    found = await announcements(sight.connection, finished=True, limit=CHOICES)
    return [(NEWEST, "The newest"), *((one.slug, names[one.contest_id]) for one in found)]


SLIDE = SlideKind(
    name="winners",
    label="Winners",
    hint="Who won the contest that was announced last, as each winner allows it to be shown.",
    content=content,
    options=(Option("contest", "Of", _contests),),
)
