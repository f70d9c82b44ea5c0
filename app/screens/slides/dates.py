"""What comes next: contests that start and end, winners that are announced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.screens.slides.slide import Content, Sight, SlideKind
from rewards import Stage, announcements, contests

SHOWN: Final = 6
LOOK_AHEAD: Final = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Date:
    """One moment: what it is, when."""

    words: str
    at: datetime
    when: str


async def content(sight: Sight, _: Mapping[str, str]) -> Content | None:
    """The next dates, the nearest first; None where there are none."""
    seen = await contests(sight.connection, viewer_id=None, now=sight.now)
    names = {one.slug: one.name for one in seen}
    moments: list[tuple[datetime, str, str]] = []
    for one in seen:
        if one.stage not in (Stage.SCHEDULED, Stage.RUNNING):
            continue
        moments.append((one.moments.starts_at, "date_starts", one.name))
        moments.append((one.moments.ends_at, "date_ends", one.name))
    moments += [
        (planned.starts_at, "date_announced", names[planned.slug])
        for planned in await announcements(sight.connection, finished=False)
        if planned.slug in names
    ]
    coming = sorted(one for one in moments if sight.now < one[0] <= sight.now + LOOK_AHEAD)[:SHOWN]
    if not coming:
        return None
    language, zone = sight.language, sight.zone
    dates = [
        Date(language.say(word, contest=name), at, language.when(at, sight.now, zone))
        for at, word, name in coming
    ]
    return Content(
        template="dates.html",
        data={"dates": dates},
        describes=f"The next dates, {len(dates)}",
    )


SLIDE = SlideKind(
    name="dates",
    label="Next dates",
    hint="When contests start and end, and when winners are announced.",
    content=content,
)
