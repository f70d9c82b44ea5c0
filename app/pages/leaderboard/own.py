"""The line about oneself: rank, points, what is missing and what would do it.

Law: it says only what is true now, and to nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.auth.viewer import Viewer
from app.pages.faces import Face
from app.pages.headline import name
from app.pages.leaderboard.selection import Selection
from app.pages.words import ordinal
from scoring import BoardKey, Own, Period, advise, metrics, starts_on


@dataclass(frozen=True, slots=True)
class OwnLine:
    """What the bar at the foot of the page says."""

    key: str
    name: str
    tint: int
    rank: int | None
    value: int
    unit: str
    private: bool
    rose: int | None
    fell: int | None
    words: str
    advice: str | None
    href: str  # the page it belongs to, which htmx asks again
    why_href: str | None
    why: str


async def own_line(
    connection: Any,
    viewer: Viewer,
    face: Face | None,
    own: Own | None,
    board: BoardKey,
    selection: Selection,
    *,
    now: datetime,
    zone: ZoneInfo,
    people_shown: bool = True,
) -> OwnLine:
    """Put the line together for the person who looks."""
    value = own.value if own else 0
    rank = own.rank if own else None
    moved = (own.movement if own else None) or 0
    counted = metrics()[board.metric]
    today = starts_on(Period.DAY, now, zone)
    advice = None
    # What is missing to the next one is that person's figure.
    if rank is not None and own is not None and people_shown:
        advice = await _advice(connection, viewer, own, board, selection, now, zone)
    why = urlencode([pair for pair in selection.pairs() if pair[0] in ("period", "on")])
    return OwnLine(
        key=face.key if face else "",
        name=face.name if face else viewer.name,
        tint=face.tint if face else 0,
        rank=rank,
        value=value,
        unit=counted.unit_one if value == 1 else counted.unit_many,
        private=rank is not None and own is not None and not own.public,
        rose=moved if moved > 0 else None,
        fell=-moved if moved < 0 else None,
        words=_unranked(viewer, name(board.period, board.starts_on, today), counted.unit_many),
        advice=advice,
        href=selection.href,
        why_href=(f"/why?{why}" if why else "/why") if viewer.enrolment else None,
        why="Why these points?" if board.metric == "points" else "Day by day",
    )


async def _advice(
    connection: Any,
    viewer: Viewer,
    own: Own,
    board: BoardKey,
    selection: Selection,
    now: datetime,
    zone: ZoneInfo,
) -> str | None:
    if own.gap is None or own.next_rank is None:
        return "Nobody is ahead of you"
    behind = f"{metrics()[board.metric].in_words(own.gap)} behind {ordinal(own.next_rank)}"
    # What to do about it is known in a period that still runs, to those who take part.
    if selection.on is not None or not viewer.is_ambassador:
        return behind
    if board.metric == "responses":
        replies = (
            "a reply from a new person" if own.gap == 1 else f"{own.gap:,} replies from new people"
        )
        return f"{behind} · {replies} would do it"
    if board.metric != "points":
        return behind
    found = await advise(
        connection, own.person_id, missing=own.gap, period=board.period, now=now, zone=zone
    )
    return f"{behind} · {found.deed} would do it" if found else behind


def _unranked(viewer: Viewer, when: str, unit: str) -> str:
    match viewer.enrolment:
        case "active":
            return (
                f"No {unit} of yours in {when} yet." if when != "today" else f"No {unit} yet today."
            )
        case "paused":
            return "You have paused. Nothing counts until you resume."
        case _:
            return "You are looking on. Taking part is voluntary and not sharing costs nothing."
