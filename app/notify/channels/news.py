"""What is said of an announcement, a correction or a test, at the moment it is sent.

Law: names, aliases and prizes are those that everybody allows then, whatever they were when it was queued:
only `app.announcing.frames` says what may be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.announcing.frames import shown_podiums
from app.announcing.podium import Podium, Standee
from app.database import Connection
from app.notify.channels.said import Chapter, Said, own
from app.screens.language import Language
from rewards import announcement, contest_by_slug

LANGUAGE: Final = Language("en")


@dataclass(frozen=True, slots=True)
class Here:
    """The installation, as messages name it."""

    company: str
    base_url: str
    secret: str  # for faces

    @property
    def footer(self) -> str:
        """Who says this."""
        return f"Fanfare of {own(self.company)}"


async def news(
    connection: Connection, subject: Mapping[str, Any], *, here: Here, now: datetime
) -> Said:
    """The words for a queued subject."""
    if subject["about"] == "test":
        return Said(
            title="A test from Fanfare",
            lead="If you can read this, winners can be announced here.",
            link=f"{here.base_url}/",
            link_words="Open Fanfare",
            footer=here.footer,
        )
    found = await announcement(connection, subject["announcement"])
    charter = (await contest_by_slug(connection, found.slug)).charter
    podiums = await shown_podiums(connection, found, audience="staff", now=now, secret=here.secret)
    name = own(charter.name)
    title, lead, line = (
        f"The winners of “{name}”",
        f"{LANGUAGE.metric(charter.metric)}.",
        found.line,
    )
    if subject["about"] == "corrected":
        words = {event.id: event.words or "" for event in found.corrections}
        title, line = f"A correction: “{name}”", words.get(subject["event"], "")
        lead = "Something that was announced has been put right; below is how it stands now."
    return Said(
        title=title,
        lead=lead,
        line=own(line),
        chapters=chapters(podiums, charter.metric),
        link=f"{here.base_url}/contests/{found.slug}",
        link_words="See all winners",
        footer=here.footer,
    )


def chapters(podiums: Sequence[Podium], metric: str) -> tuple[Chapter, ...]:
    """Every part with who won there, as far as they may be named. Pure."""
    modes = {podium.part.mode for podium in podiums if podium.part}
    made = []
    for podium in podiums:
        title = "Everybody together" if podium.of_all else own(podium.bracket or "")
        if podium.part and len(modes) > 1:
            of_prizes = podium.part.mode == "prize"
            title = " · ".join(filter(None, (title, "prizes" if of_prizes else "recognition")))
        lines = tuple(_lines(podium, metric)) or ("Nobody won here this time.",)
        made.append(Chapter(title[:1].upper() + title[1:], lines))
    return tuple(made) or (Chapter("", ("Nobody won this time.",)),)


def _lines(podium: Podium, metric: str) -> Iterator[str]:
    for standee in (*podium.places, *podium.behind):
        yield _line(standee, metric)
    for reached in podium.reached:
        if reached.drawn:
            yield (
                f"{LANGUAGE.number(reached.count)} drawn among all who reached "
                + LANGUAGE.amount(metric, reached.value)
            )
        else:
            words = LANGUAGE.reached(metric, reached.count, reached.value)
            yield f"{LANGUAGE.number(reached.count)} {words}"


def _line(standee: Standee, metric: str) -> str:
    who = standee.named
    words = LANGUAGE.name(who) if who.nameless else own(who.name)
    if who.department:
        words += f" ({own(who.department)})"
    more = [words]
    if standee.members > 1:
        more.append(f"{LANGUAGE.number(standee.members)} people")
    if standee.value is not None:
        more.append(LANGUAGE.amount(metric, standee.value))
    if who.gift is not None:
        more.append(own(LANGUAGE.gift(who.gift)))
    place = f"{LANGUAGE.place(standee.place)}: " if standee.place is not None else ""
    return place + ", ".join(more)
