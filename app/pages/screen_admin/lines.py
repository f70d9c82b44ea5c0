"""A playlist's form: one line a slide, in the order in which they stand on the page. Pure.

Law: what was typed is never lost, whatever was wrong with it. A slide is named by its key in every
field, so a line that was moved by hand takes all it holds with it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.pages.screen_admin.settings import hour_words
from app.screens.playlist import MOST_SLIDES, USUAL_S, Playlist, Slide

KEY: Final = re.compile(r"[a-zA-Z0-9]{1,24}")
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FULL: Final = f"A playlist has at most {MOST_SLIDES} slides. Remove one first."


@dataclass(frozen=True, slots=True)
class Typed:
    """A playlist as it stands in its form."""

    values: dict[str, str]  # by field name
    order: tuple[str, ...]  # the keys of its slides
    fresh: str = ""  # the slide that a button has just added
    moved: str = ""  # what a button did, for who does not see it
    full: bool = False  # one more was wanted than there may be


def typed_of(playlist: Playlist, revision: str) -> Typed:
    """The form that shows a playlist."""
    values = {"name": playlist.name, "revision": revision}
    for slide in playlist.slides:
        values |= fields_of(slide)
    return Typed(values, tuple(slide.key for slide in playlist.slides))


def fields_of(slide: Slide) -> dict[str, str]:
    """The fields of one slide by name."""
    return {
        f"{slide.key}:kind": slide.kind,
        f"{slide.key}:seconds": str(slide.seconds),
        f"{slide.key}:places": places_words(slide.places),
        f"{slide.key}:since": hour_words(slide.since),
        f"{slide.key}:until": hour_words(slide.until),
        **{f"{slide.key}:day{number}": "yes" for number in slide.weekdays},
        **{f"{slide.key}:option:{name}": value for name, value in slide.options.items()},
    }


def sent(fields: Iterable[tuple[str, str]]) -> tuple[Typed, str]:
    """A form as it was sent, and the button that was pressed."""
    values: dict[str, str] = {}
    order: list[str] = []
    for name, value in fields:
        if name == "slide":
            # Of more than anybody can have made only so many are read, to say that they are too many.
            if len(order) <= 2 * MOST_SLIDES and KEY.fullmatch(value) and value not in order:
                order.append(value)
        else:
            values[name] = value
    return Typed(values, tuple(order)), values.pop("do", "")


def changed(typed: Typed, do: str, kinds: Sequence[str]) -> Typed | None:
    """The form after a button that adds, removes or moves a slide; None for any other button."""
    deed, _, what = do.partition(":")
    order = list(typed.order)
    if deed == "add" and what in kinds:
        return added(typed, what)
    if deed not in ("up", "down", "remove") or what not in order:
        return None
    at = order.index(what)
    if deed == "remove":
        order.remove(what)
        return replace(typed, order=tuple(order), moved=f"Slide {at + 1} is removed.")
    to = max(0, at - 1) if deed == "up" else min(len(order) - 1, at + 1)
    order.insert(to, order.pop(at))
    return replace(typed, order=tuple(order), moved=f"Now at place {to + 1} of {len(order)}.")


def added(typed: Typed, kind: str) -> Typed:
    """The form with one more slide at its end."""
    if len(typed.order) >= MOST_SLIDES:
        return replace(typed, full=True)
    key = new_key(typed.order)
    slide = fields_of(Slide(key, kind, seconds=USUAL_S))
    return replace(typed, values={**typed.values, **slide}, order=(*typed.order, key), fresh=key)


def new_key(taken: Sequence[str]) -> str:
    """A key that no slide of the list has."""
    while (key := f"s{secrets.token_hex(4)}") in taken:
        pass
    return key


def places_words(places: Sequence[str]) -> str:
    """Places in one field: between commas, or semicolons where a name has a comma in it."""
    return ("; " if any("," in place for place in places) else ", ").join(places)


def places_of(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The places a field names, each once. A comma inside a known place does not divide it."""
    names = {place.casefold(): place for place in known}
    longest = max((name.count(",") + 1 for name in names), default=1)  # in pieces
    found: dict[str, str] = {}
    for part in text.replace("\n", ";").split(";"):
        pieces = [" ".join(piece.split()) for piece in part.split(",")]
        while pieces:
            # The longest run of pieces that is a known place, else one piece by itself.
            length = next(
                (
                    size
                    for size in range(min(longest, len(pieces)), 1, -1)
                    if ", ".join(pieces[:size]).casefold() in names
                ),
                1,
            )
            place = ", ".join(pieces[:length])
            if place:
                found.setdefault(place.casefold(), names.get(place.casefold(), place))
            pieces = pieces[length:]
    return tuple(found.values())
