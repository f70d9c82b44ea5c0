"""What everybody sees alike of a contest: its stage, dates, prizes and how it is counted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.pages.contests.countdown import Countdown, countdown, elapsed
from app.pages.contests.dates import days, moment, span
from app.pages.contests.prizes import PrizeLine, prize_lines
from rewards import Charter, ContestView, Stage, sentence
from scoring import metrics, platforms


@dataclass(frozen=True, slots=True)
class Tag:
    """Where a contest stands, in two words; `look` is a class of the style sheet with its space."""

    words: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know, above the rest."""

    words: str
    look: str = ""
    href: str | None = None
    link: str = ""


TAGS: Final = {
    Stage.SCHEDULED: Tag("Coming up", " brass"),
    Stage.RUNNING: Tag("Running", " good"),
    Stage.SETTLING: Tag("Being counted", " brass"),
    Stage.REVIEW: Tag("Being checked", " brass"),
    Stage.DECIDED: Tag("Decided", " good"),
    Stage.ANNOUNCED: Tag("Decided", " good"),
    Stage.CLOSED: Tag("Decided", " good"),
    Stage.CANCELLED: Tag("Cancelled", " bad"),
}
OVER: Final = frozenset({Stage.DECIDED, Stage.ANNOUNCED, Stage.CLOSED})
BREAKERS: Final = {
    "earliest": "whoever got there first",
    "pool": "those who share a place share its money",
    "order": "an order that was sealed before the start",
}


@dataclass(frozen=True, slots=True)
class About:
    """A contest's own part of its page."""

    name: str
    slug: str
    href: str
    rules_href: str
    tag: Tag
    countdown: Countdown | None
    until: str | None
    dates: str
    moving: bool
    elapsed: int | None
    notes: list[Note]
    sentence: str
    description: str
    prizes: list[PrizeLine]
    taxed: str | None
    facts: list[tuple[str, str]]
    sha256: str
    amendments: int


def about(view: ContestView, now: datetime) -> About:
    """Put a contest into words."""
    charter, zone = view.charter, ZoneInfo(view.charter.zone)
    running = view.stage is Stage.RUNNING
    moments = view.moments
    return About(
        name=charter.name,
        slug=view.slug,
        href=f"/contests/{view.slug}",
        rules_href=f"/contests/{view.slug}/rules",
        tag=TAGS[view.stage],
        countdown=countdown(view.stage, moments, now),
        until=_until(view, zone),
        dates=days(moments.starts_at, moments.ends_at, zone),
        moving=view.stage in (Stage.RUNNING, Stage.SETTLING),
        elapsed=elapsed(moments.starts_at, moments.ends_at, now) if running else None,
        notes=_notes(view, zone),
        sentence=sentence(charter),
        description=charter.description,
        prizes=prize_lines(charter),
        taxed=taxed(charter),
        facts=facts(charter, moments.settles_at, zone),
        sha256=view.sha256,
        amendments=len(view.amendments),
    )


def facts(charter: Charter, settles_at: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """How it is counted, shortly; the official rules say it at length."""
    return [
        ("When", span(charter.start_at, charter.end_at, zone)),
        ("What counts", metrics()[charter.metric].contest_hint),
        ("Networks", networks(charter)),
        ("Open to", open_to(charter)),
        ("Ties", ties(charter)),
        ("Counted until", f"{moment(settles_at, zone)}, for what arrives late"),
    ]


def ties(charter: Charter) -> str:
    """'Whoever got there first, then an order that was sealed before the start'."""
    words = ", then ".join(BREAKERS[breaker] for breaker in charter.breakers)
    return words[:1].upper() + words[1:]


def taxed(charter: Charter) -> str | None:
    """What becomes of tax, in a line; the official rules have the note of each country."""
    if charter.gross_up:
        return "The company pays the tax on it, so it reaches you whole."
    if charter.tax_notes:
        return "A prize can be taxed as pay; the official rules say how it is where you work."
    return None


def networks(charter: Charter) -> str:
    """'Bluesky and Mastodon for the prizes; X for recognition only'."""
    for_prizes = [label(n.name) for n in charter.networks if n.mode == "cash"]
    only = [label(n.name) for n in charter.networks if n.mode == "recognition"]
    if not for_prizes:
        return f"{listed(only)}, for recognition only"
    if not only:
        return listed(for_prizes)
    return f"{listed(for_prizes)} for the prizes; {listed(only)} for recognition only"


def open_to(charter: Charter) -> str:
    """'Everybody who takes part', 'People of Research and Sales'; teams as what they are."""
    whole = "Everybody who takes part" if charter.open.to == "all" else ""
    words = whole or f"People of {listed(charter.open.names)}"
    if charter.who != "people":
        words += f", for their {charter.who.removesuffix('s')}"
    return words


def listed(words: Sequence[str]) -> str:
    """'one', 'one and two', 'one, two and three'."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def label(network: str) -> str:
    """A network's name for people, also of one this installation no longer knows."""
    known = platforms()
    return known[network].label if network in known else network


def _until(view: ContestView, zone: ZoneInfo) -> str | None:
    match view.stage:
        case Stage.SCHEDULED:
            return moment(view.moments.starts_at, zone)
        case Stage.RUNNING:
            return moment(view.moments.ends_at, zone)
        case Stage.SETTLING:
            return "it has ended; what arrives late still counts"
        case Stage.REVIEW:
            return "it is counted out; people look at open questions before it is decided"
        case _:
            return None


def _notes(view: ContestView, zone: ZoneInfo) -> list[Note]:
    notes = []
    happened = {event.kind: event for event in view.events}
    if cancelled := happened.get("cancelled"):
        reason = str(cancelled.detail.get("reason", "")).strip()
        notes.append(Note(f"It was cancelled on {moment(cancelled.at, zone)}. {reason}", " bad"))
    tag = view.charter.disclosure_tag
    if tag and view.stage in (Stage.SCHEDULED, Stage.RUNNING, Stage.SETTLING):
        notes.append(
            Note(
                f"A post counts here when it says that you work here: add {tag}, also "
                "afterwards, as long as it is being counted."
            )
        )
    if view.amendments and view.stage is not Stage.CANCELLED:
        href = f"/contests/{view.slug}/rules#amendments-title"
        notes.append(Note("Something was amended since it was published.", "", href, "See what"))
    return notes
