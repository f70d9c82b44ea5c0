"""An award as its winner's page shows it, with the forms that are open for it.

Law: a form is offered only where what it asks for can be done now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from app.pages.contests.about import Tag
from app.pages.contests.dates import day
from app.pages.form import Form
from app.pages.rewards.steps import because, history, next_step, tag
from rewards import (
    Amount,
    AwardState,
    AwardView,
    Display,
    country_name,
    half_days_left,
    has_days,
    in_words,
)

NO_NAME: Final = "none"
GOING: Final = frozenset({AwardState.PROPOSED, AwardState.ACCEPTED, AwardState.EXPORTED})


@dataclass(frozen=True, slots=True)
class Wish:
    """A day that was asked for, in words."""

    words: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Shown:
    """One award on the page."""

    id: int
    what: str
    tag: Tag
    href: str
    contest: str
    told_href: str | None  # how it was announced
    because: str
    next: str
    may_answer: bool
    choices: list[tuple[str, str, str | None]] | None
    decline_words: str
    may_wish: bool
    wish_label: str
    wish_from: str
    wish_until: str | None
    wish_hint: str
    halves: bool
    wishes: list[Wish]
    calendar_href: str | None
    may_show: bool
    shown_words: str
    shown_choices: list[tuple[str, str, str | None]]
    notes: list[str]
    history: list[tuple[datetime, str]]
    answer_form: Form
    wish_form: Form
    shown_form: Form


def shown(
    award: AwardView,
    *,
    alias: str | None,
    tax_notes: Mapping[str, str],
    announced: bool,
    now: datetime,
    forms: Mapping[str, Form],
) -> Shown:
    """Put an award together; `forms` are those with something wrong, by their name."""
    today = now.astimezone(ZoneInfo(award.terms.zone)).date()
    left = half_days_left(award)
    answerable = award.state is AwardState.APPROVED and (
        award.accept_by is None or now < award.accept_by
    )
    return Shown(
        id=award.id,
        what=award.what,
        tag=tag(award),
        href=f"/contests/{award.terms.slug}",
        contest=award.terms.contest,
        told_href=f"/announcements/{award.terms.slug}" if announced else None,
        because=because(award),
        next=next_step(award),
        may_answer=answerable,
        choices=_choices(award),
        decline_words="It then goes to the next in line."
        if award.terms.pass_on and award.passed_from is None
        else "What was set aside for it goes back.",
        may_wish=left > 0 and (award.expires_on is None or award.expires_on >= today),
        wish_label="A day you would like to take",
        wish_from=today.isoformat(),
        wish_until=award.expires_on.isoformat() if award.expires_on else None,
        wish_hint=_wish_hint(left, award.expires_on),
        halves=left > 1,
        wishes=[_wish(one.on, one.half_days, one.state, one.reason) for one in award.dates],
        calendar_href=f"/rewards/{award.id}/calendar.ics" if has_days(award) else None,
        may_show=award.state
        in (AwardState.APPROVED, AwardState.ACCEPTED, AwardState.EXPORTED, AwardState.PAID),
        shown_words=_shown_words(award.display),
        shown_choices=_shown_choices(alias),
        notes=_notes(award, tax_notes),
        history=history(award),
        answer_form=forms.get("answer") or Form(),
        wish_form=forms.get("wish") or Form({"half_days": "2"}),
        shown_form=forms.get("shown") or Form({"shown": display_name(award.display)}),
    )


def place(award: AwardView) -> Literal["waiting", "going", "done"]:
    """Under which heading an award stands."""
    if award.state is AwardState.APPROVED:
        return "waiting"
    # Thanks are given the moment they are accepted.
    going = award.state in GOING and (award.kind != "recognition" or not award.accepted_at)
    return "going" if going else "done"


def display_name(display: Display) -> str:
    """What is shown, as its form says it."""
    if display.name == NO_NAME:
        return NO_NAME
    return f"{display.name}+prize" if display.prize else display.name


def _choices(award: AwardView) -> list[tuple[str, str, str | None]] | None:
    if award.chosen is not None or len(award.options) < 2:
        return None
    return [(held.amount.kind.value, in_words(held.amount), None) for held in award.options]


def _wish_hint(left: int, expires_on: date | None) -> str:
    until = f", to be taken until {day(expires_on)}" if expires_on else ""
    return f"{in_words(Amount(left))} left{until}. Somebody of HR confirms the day."


def _wish(on: date, half_days: int, state: str, reason: str | None) -> Wish:
    half = " (half a day)" if half_days == 1 else ""
    match state:
        case "confirmed":
            return Wish(f"{day(on)}{half}", Tag("Confirmed", " good"))
        case "refused":
            return Wish(
                f"{day(on)}{half}: {reason or 'another day, please'}", Tag("Not possible", " bad")
            )
        case _:
            return Wish(f"{day(on)}{half}", Tag("Asked for", " brass"))


def _shown_words(display: Display) -> str:
    if display.name == NO_NAME:
        return "nothing"
    return "your name and the prize" if display.prize else "your name, not the prize"


def _shown_choices(alias: str | None) -> list[tuple[str, str, str | None]]:
    name = "alias" if alias else "name"
    called = f"“{alias}”" if alias else "My name"
    return [
        (NO_NAME, "Nothing", "The list of winners says “A colleague” in your place."),
        (name, f"{called}, not the prize", None),
        (f"{name}+prize", f"{called} and the prize", None),
    ]


def _notes(award: AwardView, tax_notes: Mapping[str, str]) -> list[str]:
    notes = []
    if award.options and award.terms.gross_up:
        notes.append("The company pays the tax on it, so it reaches you whole.")
    if award.options and tax_notes:
        notes += [f"Tax, {country_name(code)}: {text}" for code, text in tax_notes.items()]
    return notes


def words_of(amounts: tuple[Amount, ...]) -> list[str]:
    """Amounts in words, each on a line of its own; 'nothing yet' for none."""
    return [in_words(amount) for amount in amounts] or ["–"]
