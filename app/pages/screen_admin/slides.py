"""The slides of a form read for keeping: each field in its bounds, or said beside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final

from app.pages.form import Form, may_stand_in_text
from app.pages.screen_admin.lines import FULL, Typed, places_of
from app.pages.screen_admin.settings import hour
from app.screens.playlist import LEAST_S, MOST_S, MOST_SLIDES, Playlist, Slide
from app.screens.playlists import MOST_NAME
from app.screens.slides.slide import Option, SlideKind

MOST_PLACES: Final = 40
MOST_LETTERS: Final = 80  # of a place, as in a screen's settings
NAMELESS: Final = "Give the playlist a name, such as “Canteen”."
USUAL_MOST: Final = 200  # of a free text whose kind says no limit


@dataclass(frozen=True, slots=True)
class Offer:
    """What slides can be made of here and now."""

    kinds: Mapping[str, SlideKind]
    choices: Mapping[tuple[str, str], Sequence[tuple[str, str]]]  # (kind, option) → (value, words)
    places: Sequence[str]  # that screens are at


def playlist_of(typed: Typed, form: Form, offer: Offer) -> Playlist:
    """The playlist as typed; where something is wrong, the form says what and where."""
    name = form.text("name", ask=NAMELESS, most=MOST_NAME)
    if len(typed.order) > MOST_SLIDES:
        form.wrong("slides", FULL)
    return Playlist(name, tuple(slide_of(key, form, offer) for key in typed.order))


def slide_of(key: str, form: Form, offer: Offer) -> Slide:
    """One slide as typed."""
    kind = offer.kinds.get(form.value(f"{key}:kind"))
    if kind is None:
        form.wrong(f"{key}:kind", "There is no such kind of slide any more. Remove it.")
    since, until = hours(key, form)
    days = [number for number in range(1, 8) if form.ticked(f"{key}:day{number}")]
    return Slide(
        key=key,
        kind=form.value(f"{key}:kind")[:MOST_LETTERS],
        options=options_of(key, kind, form, offer) if kind else {},
        seconds=seconds(f"{key}:seconds", form),
        places=places(f"{key}:places", form, offer),
        weekdays=() if len(days) == 7 else tuple(days),
        since=since,
        until=until,
    )


def options_of(key: str, kind: SlideKind, form: Form, offer: Offer) -> dict[str, str]:
    """All options of a slide."""
    return {
        option.name: option_of(f"{key}:option:{option.name}", kind, option, form, offer)
        for option in kind.options
    }


def option_of(field: str, kind: SlideKind, option: Option, form: Form, offer: Offer) -> str:
    """What was chosen or written for an option."""
    if option.choices is not None:
        values = [value for value, _ in offer.choices[kind.name, option.name]]
        if not values:
            form.wrong(field, "There is nothing to choose from yet.")
            return ""
        if not form.value(field):
            return values[0]  # what a browser shows where nothing is chosen yet
        return form.choice(field, values, ask="Choose one of these; this one is not offered here.")
    most = option.most or USUAL_MOST
    if not option.lines:
        return form.optional(field, most=most)
    text = "\n".join(line.rstrip() for line in form.value(field).strip().splitlines())
    if len(text) > most:
        form.wrong(field, f"Use at most {most} characters.")
    elif not all(may_stand_in_text(letter) for letter in text if letter != "\n"):
        form.wrong(field, "This contains characters that cannot be seen.")
    return text


def seconds(field: str, form: Form) -> int:
    """How long a slide stays."""
    text = form.value(field).strip()
    value = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    if not LEAST_S <= value <= MOST_S:
        form.wrong(field, f"Between {LEAST_S} and {MOST_S} seconds.")
    return value


def places(field: str, form: Form, offer: Offer) -> tuple[str, ...]:
    """Where a slide is shown; none is everywhere."""
    form.optional(field, most=MOST_PLACES * MOST_LETTERS)
    found = places_of(form.value(field), offer.places) if form.error(field) is None else ()
    if len(found) > MOST_PLACES:
        form.wrong(field, f"Name at most {MOST_PLACES} places.")
    elif any(len(place) > MOST_LETTERS for place in found):
        form.wrong(field, f"A place has at most {MOST_LETTERS} characters.")
    return found


def hours(key: str, form: Form) -> tuple[time | None, time | None]:
    """From when to when a slide is shown."""
    since, until = hour(form, f"{key}:since"), hour(form, f"{key}:until")
    if since is not None and since == until:
        form.wrong(f"{key}:until", "That leaves no moment of the day; give another time.")
    return since, until
