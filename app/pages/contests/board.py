"""The standing of a contest as one viewer may see it.

Law: as on the leaderboard, a list ends at its middle; from the lower half a person sees themselves
and who stands above them, never who stands beneath. Who hides is in nobody's list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.council import Council, Whose, current_council, may_show
from app.pages.contests.chosen import Chosen
from app.pages.contests.figures import heading, plain
from app.pages.faces import TINTS, Face, faces, keyed, own_face
from app.pages.leaderboard.choices import Choice
from app.pages.leaderboard.kindness import (
    LEAST_RANKED,
    LEAST_TEAMS,
    Part,
    listed,
    may_see,
    upper_half,
)
from app.pages.leaderboard.selection import STEP
from rewards import ContestView, Own, Stage, StandingRow, ranked, standing
from rewards import OwnStanding as Mine

LONGEST: Final = 500
ONLY_YOU: Final = "In this company only teams are compared. Where you stand is seen by you alone."
# Who stands at the table's end is a team, not a person: all of them may be listed.
TEAMS_ASKED: Final = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A person or a team in the standing."""

    key: str
    rank: int
    name: str
    tint: int
    place: str | None
    value: str
    you: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is no standing yet."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Board:
    """The standing, with what can be chosen above it."""

    href: str
    shown: bool
    title: str
    caption: str
    modes: list[Choice]
    brackets: list[Choice]
    frozen: str | None
    empty: Empty | None
    teams: bool
    value_word: str
    parts: list[Part[Row]]
    more_href: str | None
    key: str | None


async def board(
    connection: Any,
    view: ContestView,
    own: Own,
    viewer_id: int,
    chosen: Chosen,
    *,
    now: datetime,
    secret: str,
) -> Board:
    """Put the chosen standing together for a viewer."""
    charter = view.charter
    teams = charter.who != "people"
    council = await current_council(connection)
    people_shown = may_show(council, Whose.COLLEAGUE)
    parts: list[Part[Row]] = []
    size = 0
    if view.stage is not Stage.SCHEDULED and view.stage is not Stage.CANCELLED:
        if teams:
            parts, size = await _teams(connection, view, own, chosen, council, secret)
        else:
            size = await ranked(connection, view.id, mode=chosen.mode, bracket=chosen.bracket)
            if size >= LEAST_RANKED:
                # Where only teams are shown, nobody's face but one's own is found.
                parts = await _people(
                    connection, view, own, viewer_id, chosen, size, now=now, secret=secret
                )
    first = parts[0].rows if parts else ()
    bracket = charter.brackets[chosen.bracket].name if len(charter.brackets) > 1 else ""
    return Board(
        href=chosen.href,
        shown=view.stage is not Stage.CANCELLED,
        title=_title(view),
        caption=bracket or "everybody",
        modes=chosen.mode_choices(charter),
        brackets=chosen.bracket_choices(charter),
        frozen=_frozen(view, own),
        empty=None if parts else _empty(view, size, teams=teams, people_shown=people_shown),
        teams=teams,
        value_word="Mean" if teams else heading(charter.metric),
        parts=parts,
        more_href=_more(chosen, size, len(first)) if people_shown and not teams else None,
        key=_key(people_shown) if parts and not teams else None,
    )


async def _people(
    connection: Any,
    view: ContestView,
    own: Own,
    viewer_id: int,
    chosen: Chosen,
    size: int,
    *,
    now: datetime,
    secret: str,
) -> list[Part[Row]]:
    mine = own_part(own, chosen)
    own_rank = mine.rank if mine and mine.bracket == chosen.bracket else None
    top = await standing(
        connection, view.id, mode=chosen.mode, bracket=chosen.bracket,
        limit=listed(size, chosen.rows),
    )  # fmt: skip
    top = [line for line in top if line.rank <= upper_half(size)]
    near: Sequence[StandingRow] = ()
    if own_rank is not None:
        near = await standing(
            connection, view.id, mode=chosen.mode, bracket=chosen.bracket, around=viewer_id
        )
        near = [
            line
            for line in near
            if line.person_id == viewer_id or may_see(line.rank, own=own_rank, ranked=size)
        ]
    listed_people = {line.person_id for line in top}
    rest = [line for line in near if line.person_id not in listed_people]
    people = [line.person_id for line in (*top, *rest) if line.person_id is not None]
    known = await faces(connection, people, now=now, secret=secret)
    me = await own_face(connection, viewer_id, now=now, secret=secret)
    if me is not None:
        known[viewer_id] = me

    def rows(lines: Sequence[StandingRow]) -> tuple[Row, ...]:
        return tuple(
            _row(line, known[line.person_id], view, you=line.person_id == viewer_id)
            for line in lines
            if line.person_id in known
        )

    first = rows(top)
    parts = [Part(0, first)] if first else []
    if beneath := rows(rest):
        parts.append(Part(max(0, beneath[0].rank - 1 - len(first)), beneath))
    return parts


def own_part(own: Own, chosen: Chosen) -> Mine | None:
    """The viewer's own figures in the chosen standing."""
    return own.prize if chosen.mode == "prize" else own.recognition


def _row(line: StandingRow, face: Face, view: ContestView, *, you: bool) -> Row:
    return Row(
        key=face.key,
        rank=line.rank,
        name=face.name,
        tint=face.tint,
        place=face.place,
        value=plain(view.charter.metric, line.value),
        you=you,
    )


def _key(people_shown: bool) -> str:
    if not people_shown:
        return ONLY_YOU
    return "Only the upper half is listed; nobody is shown at the bottom."


async def _teams(
    connection: Any, view: ContestView, own: Own, chosen: Chosen, council: Council, secret: str
) -> tuple[list[Part[Row]], int]:
    lines = await standing(connection, view.id, mode=chosen.mode, limit=TEAMS_ASKED)
    mine = own_part(own, chosen)
    rows = []
    for line in lines:
        if not may_show(council, Whose.TEAM, members=line.members or 0):
            continue
        digest = keyed(secret, f"{view.id}|{line.team}")
        rows.append(
            Row(
                key=digest[:12],
                rank=line.rank,
                name=line.team or "",
                tint=int(digest[-2:], 16) % TINTS,
                place=f"{line.members} in it",
                value=plain(view.charter.metric, line.value),
                you=mine is not None and line.team == mine.team,
            )
        )
    shown = max(LEAST_TEAMS, upper_half(len(rows)))
    parts = [Part(0, tuple(rows[:shown]))] if rows else []
    own_row = next((row for row in rows[shown:] if row.you), None)
    if own_row is not None:
        parts.append(Part(max(0, own_row.rank - 1 - shown), (own_row,)))
    return parts, len(rows)


def _more(chosen: Chosen, size: int, shown: int) -> str | None:
    if size < LEAST_RANKED or shown >= min(upper_half(size), LONGEST):
        return None
    wanted = (shown // STEP + 1) * STEP
    if chosen.rows >= wanted:
        return None  # those who are not shown prefer it so
    return Chosen(chosen.slug, chosen.mode, chosen.bracket, wanted, chosen.usual).href


def _title(view: ContestView) -> str:
    if view.stage in (Stage.DECIDED, Stage.ANNOUNCED, Stage.CLOSED):
        return "The final standing"
    return "The standing"


def _frozen(view: ContestView, own: Own) -> str | None:
    if not own.frozen:
        return None
    words = "What everybody sees stands still until it is decided, so that the end stays open."
    return f"{words} Your own figures go on." if own.entered else words


def _empty(view: ContestView, size: int, *, teams: bool, people_shown: bool) -> Empty:
    if view.stage is Stage.SCHEDULED:
        return Empty("It has not started", "From its start on, who stands where is seen here.")
    if not people_shown:
        return Empty("Places are not listed here", ONLY_YOU)
    if view.stage in (Stage.RUNNING, Stage.SETTLING, Stage.REVIEW):
        who = "teams" if teams else "people"
        return Empty(
            "The first places are still open",
            f"A standing needs {LEAST_RANKED if not teams else 1} {who} who have something. "
            "Until then everybody sees only their own.",
        )
    words = "Nobody had anything that counts." if size == 0 else "Too few had something for a list."
    return Empty("No list of places", words)
