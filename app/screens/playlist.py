"""What screens play, in which order, where and when. Pure.

Law: what comes next follows from the slide that is on and the list as it is now, so that a list which
is changed while it plays neither jumps back nor stands still.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Final

import msgspec

LEAST_S: Final = 5  # shorter, nobody across the room has read it
MOST_S: Final = 600
USUAL_S: Final = 15
MOST_SLIDES: Final = 60


class Slide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a playlist."""

    key: str  # names it while the list around it changes; a few letters
    kind: str  # a file in app/screens/slides
    options: Mapping[str, str] = {}  # what the kind asks for
    seconds: int = USUAL_S
    places: tuple[str, ...] = ()  # only on screens of these places; none: everywhere
    weekdays: tuple[int, ...] = ()  # 1 is Monday; none: every day
    since: time | None = None  # only from this time of the day …
    until: time | None = None  # … to this one, in the company's time

    def is_for(self, place: str, local: datetime) -> bool:
        """Whether it is played at a place at a local time."""
        if self.places and place.casefold() not in {one.casefold() for one in self.places}:
            return False
        if self.weekdays and local.isoweekday() not in self.weekdays:
            return False
        at, since, until = local.time(), self.since or time.min, self.until
        if until is None:
            return at >= since
        return since <= at < until if since <= until else (at >= since or at < until)


class Playlist(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named list of slides; a removed one has no name."""

    name: str
    slides: tuple[Slide, ...] = ()


# What a screen plays that was given no list: it says something from the first minute on.
STANDARD: Final = Playlist(
    "Standard",
    (
        Slide("week", "board", {"metric": "points", "period": "week"}, 20),
        Slide("run", "contests", seconds=20),
        Slide("share", "reshares"),
        Slide("won", "winners"),
        Slide("next", "dates"),
        Slide("month", "board", {"metric": "points", "period": "month"}, 20),
    ),
)


def played(playlist: Playlist, place: str, local: datetime) -> list[Slide]:
    """The slides that are played at a place at a local time, in their order."""
    return [slide for slide in playlist.slides if slide.is_for(place, local)]


def following(playlist: Playlist, slides: Sequence[Slide], after: str | None) -> list[Slide]:
    """The slides in the order to be tried: the one after `after` first, once around, itself last.

    Of a slide that is not for now or left the list, the next one that was behind it comes.
    """
    keys = [slide.key for slide in playlist.slides]
    if after is None or after not in keys:
        return list(slides)
    at = keys.index(after)
    behind = set(keys[at + 1 :])
    later = [slide for slide in slides if slide.key in behind]
    return later + [slide for slide in slides if slide.key not in behind]
