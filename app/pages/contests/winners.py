"""Who won a decided contest, each as they allow it to be shown.

Laws: before it is announced nobody reads who won, for a leader may be about to say it; what stands
there of a winner is what `named` allows to staff, as on screens and in messages, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.announcing.named import named
from app.council import Whose
from app.pages.contests.about import OVER
from app.pages.contests.prizes import who
from app.pages.faces import Face, faces
from app.pages.words import counted
from rewards import AwardState, AwardView, Charter, ContestView, awards

UNNAMED: Final = "prefers not to be named"
# What may still come to nothing is no win yet that others would read of.
COUNTED: Final = frozenset(
    {AwardState.APPROVED, AwardState.ACCEPTED, AwardState.EXPORTED, AwardState.PAID}
)


@dataclass(frozen=True, slots=True)
class WinnerRow:
    """A line of the list; `prize` only with the winner's yes."""

    place: int | None
    name: str
    tint: int | None  # None: not named
    words: str | None
    prize: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """The winners of a bracket, or of all."""

    name: str | None
    rows: list[WinnerRow]
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Winners:
    """What the page says of who won."""

    title: str
    words: str | None
    groups: list[Group]
    href: str | None = None  # how it was announced


def are_told(view: ContestView) -> bool:
    """Whether others may read who won by now."""
    return any(event.kind == "announced" for event in view.events)


async def winners(
    connection: Any, view: ContestView, *, now: datetime, secret: str
) -> Winners | None:
    """What everybody may read of who won; None while it is not decided."""
    if view.stage not in OVER:
        return None
    if not are_told(view):
        first = "Winners are told first, in private. " if view.charter.tell_privately else ""
        return Winners("It is decided", f"{first}Who won stands here when it is announced.", [])
    won = await awards(connection, contest_id=view.id, state=COUNTED)
    people = [award.person_id for award in won]
    known = await faces(connection, people, now=now, secret=secret, whose=Whose.WINNER)
    detail = next((e.detail for e in view.events if e.kind == "announced"), {})
    line = detail.get("line")
    href = f"/announcements/{view.slug}" if "announcement" in detail else None
    if not won and await awards(connection, contest_id=view.id, state=AwardState.PROPOSED):
        return Winners("It is decided", "Who won stands here when the awards are approved.", [])
    if not won:
        nobody = str(line or "Nobody this time; what was set aside went back.")
        return Winners("Who won", nobody, [], href)
    return Winners("Who won", str(line) if line else None, groups(view.charter, won, known), href)


async def own_awards(connection: Any, view: ContestView, person_id: int) -> list[AwardView]:
    """The viewer's awards in a contest that they were told of."""
    if view.stage not in OVER:
        return []
    mine = await awards(connection, contest_id=view.id, person_id=person_id, state=COUNTED)
    return [award for award in mine if award.told_at is not None]


def groups(charter: Charter, won: Sequence[AwardView], known: Mapping[int, Face]) -> list[Group]:
    """Places by bracket, then how many won what has no place. Pure."""
    made: list[Group] = []
    for bracket in (*range(len(charter.brackets)), None):
        placed = [one for one in won if one.place is not None and one.bracket == bracket]
        placed.sort(key=lambda one: (one.place or 0, one.prize, one.id))
        if placed:
            whole = "In all brackets" if len(charter.brackets) > 1 else None
            name = placed[0].terms.bracket if len(charter.brackets) > 1 else None
            rows = [row(one, known.get(one.person_id)) for one in placed]
            made.append(Group(name or whole, rows, []))
    besides = [one for one in won if one.place is None]
    if besides:
        rows = [
            row(one, known.get(one.person_id))
            for one in besides
            if not named(one, known.get(one.person_id), "staff").nameless
        ]
        made.append(Group("Besides", rows, _besides(charter, besides)))
    return made


def row(award: AwardView, face: Face | None) -> WinnerRow:
    """A winner as others see them: a place, and what they allow beside it."""
    shown = named(award, face, "staff")
    if shown.nameless:
        answered = award.state is not AwardState.APPROVED
        return WinnerRow(award.place, shown.name, shown.tint, UNNAMED if answered else None, None)
    prize = award.what if shown.gift else None
    return WinnerRow(award.place, shown.name, shown.tint, shown.department, prize)


def _besides(charter: Charter, besides: Sequence[AwardView]) -> list[str]:
    lines = []
    for prize in charter.prizes:
        count = sum(1 for one in besides if one.prize == prize.number)
        if count:
            lines.append(f"{who(charter, prize)}: {counted(count, 'person', 'people')}.")
    return lines
