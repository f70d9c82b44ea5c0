"""Contests as cards: in the list of all, and beside the leaderboard.

Law: what a card says of the viewer is for the viewer; of others it says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.pages.contests.about import OVER, TAGS, Tag, listed
from app.pages.contests.countdown import Countdown, countdown, elapsed
from app.pages.contests.dates import days
from app.pages.contests.figures import with_unit
from app.pages.contests.prizes import first_prize
from app.pages.words import ordinal
from rewards import ContestCard, Stage, own
from scoring import metrics

COUNTING: Final = frozenset({Stage.SETTLING, Stage.REVIEW})


@dataclass(frozen=True, slots=True)
class Card:
    """One contest among others."""

    slug: str
    href: str
    name: str
    counts: str
    prize: str
    tag: Tag | None
    countdown: Countdown | None
    dates: str
    elapsed: int | None
    starts_at: datetime
    own: str | None = None


def card(one: ContestCard, now: datetime, own_words: str | None = None) -> Card:
    """A contest in a few words; its stage is named where no heading says it."""
    charter, moments = one.charter, one.moments
    running = one.stage is Stage.RUNNING
    return Card(
        slug=one.slug,
        href=f"/contests/{one.slug}",
        name=one.name,
        counts=counts(one),
        prize=first_prize(charter),
        tag=TAGS[one.stage] if one.stage in (Stage.REVIEW, Stage.CANCELLED) else None,
        countdown=countdown(one.stage, moments, now),
        dates=days(moments.starts_at, moments.ends_at, ZoneInfo(charter.zone)),
        elapsed=elapsed(moments.starts_at, moments.ends_at, now) if running else None,
        starts_at=moments.starts_at,
        own=own_words,
    )


def counts(one: ContestCard) -> str:
    """What is counted, and among whom where not everybody is meant: 'Followers gained, for Sales'."""
    charter = one.charter
    side = metrics()[charter.metric].contest
    words = side.card if side else metrics()[charter.metric].label
    if charter.who != "people":
        words += f", {charter.who} against each other"
    if charter.open.to != "all":
        words += f", for {listed(charter.open.names)}"
    return words


async def own_words(connection: Any, one: ContestCard, person_id: int, now: datetime) -> str | None:
    """How the viewer stands in it, in a line; None where there is nothing to say."""
    if one.stage is Stage.CANCELLED:
        return None
    if not one.entered:
        return _not_in(one)
    if one.stage is Stage.SCHEDULED:
        return "You are in."
    mine = await own(connection, one.id, person_id, now=now)
    figure = mine.prize or mine.recognition
    if figure is None or figure.value <= 0:
        return "You are in. Nothing of yours has counted yet." if one.stage not in OVER else None
    value = with_unit(one.charter.metric, figure.value)
    if figure.team is not None:
        return f"You brought {value} to {figure.team}."
    verb = "came" if one.stage in OVER else "are"
    if figure.rank is None:
        return f"You have {value}."
    return f"You {verb} {ordinal(figure.rank)} with {value}."


def _not_in(one: ContestCard) -> str | None:
    if one.stage not in (Stage.SCHEDULED, Stage.RUNNING) or not one.open_to_viewer:
        return None
    if one.entered is False:
        return "You left it. You can come back."
    if one.charter.entering == "default" and one.stage is Stage.SCHEDULED:
        return "You will be in, like everybody who takes part, unless you leave."
    return "You are not in it. One click is enough."
