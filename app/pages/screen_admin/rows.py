"""The slides of a form as the page shows them: in a line of words, and with what may be chosen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.pages.form import Form
from app.pages.screen_admin.lines import DAYS, Typed
from app.pages.screen_admin.slides import Offer
from app.screens.slides.slide import Option, SlideKind

MOST_WORDS = 60  # of a text in the line of words


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option with its field, and what may be chosen where it is no free text."""

    field: str
    option: Option
    choices: Sequence[tuple[str, str]] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One slide on the page."""

    key: str
    kind: SlideKind | None  # None: there is no such kind any more
    title: str
    about: str  # 'Points, this week'
    when: str  # '20 s · at Lisbon · Mon, Tue · from 08:00'
    options: tuple[Chosen, ...]
    open: bool  # unfolded: it is new, or something in it needs another look


def rows(typed: Typed, form: Form, offer: Offer) -> list[Row]:
    """The slides of a form in their order."""
    return [row_of(key, typed, form, offer) for key in typed.order]


def row_of(key: str, typed: Typed, form: Form, offer: Offer) -> Row:
    """One slide of a form."""
    name = form.value(f"{key}:kind")
    kind = offer.kinds.get(name)
    options = tuple(
        Chosen(
            f"{key}:option:{option.name}",
            option,
            offer.choices.get((name, option.name)) if option.choices else None,
        )
        for option in (kind.options if kind else ())
    )
    return Row(
        key=key,
        kind=kind,
        title=kind.label if kind else "Unknown slide",
        about=", ".join(filter(None, (said(one, form) for one in options))),
        when=when(key, form),
        options=options,
        open=key == typed.fresh or form.any_wrong(f"{key}:"),
    )


def said(one: Chosen, form: Form) -> str:
    """What was chosen, in a few words."""
    value = form.value(one.field)
    if one.choices is not None:
        if {"yes", "no"} == {choice for choice, _ in one.choices}:
            return one.option.label.lower() if value == "yes" else ""
        usual = "" if value or not one.choices else one.choices[0][1]
        return dict(one.choices).get(value, usual)
    words = " ".join(value.split())
    return words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS].rstrip()}…"


def when(key: str, form: Form) -> str:
    """How long, where and when a slide is shown, as far as it is typed."""
    places = form.value(f"{key}:places").strip()[: 2 * MOST_WORDS]
    days = [day for number, day in enumerate(DAYS, 1) if form.ticked(f"{key}:day{number}")]
    since, until = (form.value(f"{key}:{name}").strip()[:5] for name in ("since", "until"))
    hours = f"{since}–{until}" if since and until else f"from {since}" if since else ""
    return " · ".join(
        part
        for part in (
            f"{form.value(f'{key}:seconds').strip()[:5]} s",
            f"at {places}" if places else "",
            ", ".join(days) if len(days) < 7 else "",
            hours or (f"until {until}" if until else ""),
        )
        if part
    )
