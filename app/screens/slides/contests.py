"""The contests that run, the one that ends first before the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.announcing.named import Gift
from app.live.contests import contest_topic
from app.pages.contests.cards import counts
from app.pages.faces import faces
from app.pages.leaderboard.kindness import LEAST_RANKED
from app.screens.running import running
from app.screens.sighted import sighted
from app.screens.slides.slide import Content, Option, Sight, SlideKind
from rewards import ContestCard, ranked, standing

SHOWN: Final = 3
LEADERS: Final = 3


@dataclass(frozen=True, slots=True)
class Running:
    """One contest that runs."""

    name: str
    metric: str
    among: str | None  # who is ranked or may enter, where that is not everybody
    ends_at: datetime
    prize: str
    leaders: str | None


async def content(sight: Sight, options: Mapping[str, str]) -> Content | None:
    """What runs; None while nothing does."""
    found = await running(sight.connection, sight.now)
    on = found[:SHOWN]
    if not on:
        return None
    with_leaders = options.get("leaders") == "yes" and not sight.public
    shown = [
        Running(
            name=one.name,
            metric=one.charter.metric,
            among=_among(sight, one),
            ends_at=one.moments.ends_at,
            prize=_first_prize(sight, one),
            leaders=await _leaders(sight, one) if with_leaders else None,
        )
        for one in on
    ]
    return Content(
        template="contests.html",
        data={"running": shown, "more": len(found) - len(on)},
        describes="Running: " + "; ".join(f"{one.name} ({counts(one)})" for one in on),
        topics=tuple(contest_topic(one.id) for one in on),
        footer=False,
    )


def _among(sight: Sight, one: ContestCard) -> str | None:
    if one.charter.who != "people":
        return sight.language.say("among_teams")
    if one.charter.open.to == "all" or (sight.public and one.charter.open.to == "departments"):
        return None
    return ", ".join(one.charter.open.names)


def _first_prize(sight: Sight, one: ContestCard) -> str:
    prizes = one.charter.prizes
    return sight.language.gift(Gift(prizes[0].amounts, prizes[0].text) if prizes else Gift())


async def _leaders(sight: Sight, one: ContestCard) -> str | None:
    """The first three of the public standing, where people are one standing and enough for one."""
    if one.charter.who != "people" or len(one.charter.brackets) > 1:
        return None
    if await ranked(sight.connection, one.id, mode="prize") < LEAST_RANKED:
        return None
    lines = await standing(sight.connection, one.id, mode="prize", limit=LEADERS)
    people = [line.person_id for line in lines if line.person_id is not None]
    known = await faces(sight.connection, people, now=sight.now, secret=sight.secret)
    seen = [sighted(known[person], sight.audience) for person in people if person in known]
    names = [one.short for one in seen if one is not None]
    return sight.language.listed(names) if names else None


async def _yes_no(_: Sight) -> list[tuple[str, str]]:
    return [("no", "No"), ("yes", "Yes, the first three by first name, on screens for staff")]


SLIDE = SlideKind(
    name="contests",
    label="Running contests",
    hint="Up to three contests that run, with what counts, the first prize and the time left.",
    content=content,
    options=(Option("leaders", "Who is in front", _yes_no),),
    example={"leaders": "yes"},
)
