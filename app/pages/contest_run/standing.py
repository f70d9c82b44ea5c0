"""Who is ahead, bracket by bracket, as everybody may see it.

Law: HR sees no more of a standing than the people do: a hidden name is hidden here too, there is no
bottom of the table, and where very few have anything there is no list of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.council import Whose, current_council, may_show
from app.database import Connection
from app.pages.faces import faces
from app.pages.leaderboard.kindness import listed
from rewards import Among, Contest, PrizeKind, StandingRow, ranked, standing
from scoring import metrics

AHEAD = 5  # lines a bracket; the contest's own page has more


@dataclass(frozen=True, slots=True)
class Line:
    """A rank with its name and value in words."""

    rank: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The first of one bracket."""

    title: str
    lines: tuple[Line, ...]


async def ahead(
    connection: Connection, contest: Contest, *, now: datetime, secret: str
) -> list[Standing]:
    """The first lines of every bracket in the standing that decides the prizes."""
    charter = contest.charter
    only_thanks = all(prize.kind is PrizeKind.RECOGNITION for prize in charter.prizes)
    mode: Literal["prize", "recognition"] = "recognition" if only_thanks else "prize"
    together = len(charter.brackets) == 1 or charter.who != "people"
    together = together or all(prize.among is Among.ALL for prize in charter.prizes)
    titles: list[tuple[int | None, str]] = (
        [(None, "")]
        if together
        else [(place, bracket.name) for place, bracket in enumerate(charter.brackets)]
    )
    found = []
    for bracket, title in titles:
        limit = AHEAD
        if charter.who == "people":
            size = await ranked(connection, contest.id, mode=mode, bracket=bracket)
            limit = listed(size, AHEAD)
        rows = await standing(connection, contest.id, mode=mode, bracket=bracket, limit=limit)
        found.append(Standing(title, await named(connection, contest, rows, now, secret)))
    return found


async def named(
    connection: Connection, contest: Contest, rows: list[StandingRow], now: datetime, secret: str
) -> tuple[Line, ...]:
    """The rows with the names everybody sees; who shows none is left out."""
    counted = metrics()[contest.charter.metric]
    ids = [row.person_id for row in rows if row.person_id is not None]
    known = await faces(connection, ids, now=now, secret=secret)
    council = await current_council(connection)
    lines = []
    for row in rows:
        shown = may_show(council, Whose.TEAM, members=row.members or 0)
        name = row.team if shown else None
        if row.person_id is not None:
            name = known[row.person_id].name if row.person_id in known else None
        if name is not None:
            lines.append(Line(row.rank, name, counted.in_words(row.value)))
    return tuple(lines)
