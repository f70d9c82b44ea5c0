"""What a reveal shows, read from the database.

Law: who hides, pauses, changes their name or their mind is shown so from the next frame on: whatever
somebody chooses is read anew for every frame. Who serves many screens may hand out a frame again for a
second (app/screens/fresh.py), not longer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.announcing.frame import Frame, frame
from app.announcing.named import Audience
from app.announcing.podium import Material, Podium, podiums
from app.council import Whose
from app.pages.faces import faces
from rewards import (
    Announcement,
    Preparation,
    awards_of_announcement,
    contest_by_slug,
    winning_values,
)


async def material(
    connection: Any,
    of: Announcement | Preparation,
    *,
    now: datetime,
    secret: str,
    besides: int | None = None,
) -> Material:
    """What the frames of an announcement, or of one that is only prepared, are made of.

    Of whoever reached a threshold frames say no value; `besides` is somebody whose value is wanted
    all the same.
    """
    if isinstance(of, Preparation):
        contest_id, charter = of.contest.id, of.charter
        won = {award.id: award for award in of.awards}
    else:
        contest_id = of.contest_id
        charter = (await contest_by_slug(connection, of.slug)).charter
        won = await awards_of_announcement(connection, of)
    alone = [award for award in won.values() if award.team is None]
    placed = {award.person_id for award in alone if award.place is not None}
    wanted = placed | ({besides} if besides is not None else set())
    values, teams = await winning_values(connection, contest_id, wanted)
    known = await faces(
        connection, [award.person_id for award in alone], now=now, secret=secret, whose=Whose.WINNER
    )
    return Material(charter, won, known, values, teams)


def rehearsed(prepared: Preparation, *, line: str, starts_at: datetime) -> Announcement:
    """The announcement as it would be, recorded nowhere (id 0): for a preview and a rehearsal."""
    return Announcement(
        id=0,
        contest_id=prepared.contest.id,
        slug=prepared.contest.slug,
        person_id=None,
        line=line,
        manner="timed",
        starts_at=starts_at,
        plan=prepared.plan,
        recorded_at=starts_at,
        events=(),
    )


async def frame_now(
    connection: Any, announcement: Announcement, *, audience: Audience, now: datetime, secret: str
) -> Frame | None:
    """The picture that is on now; None before the reveal begins and when it is over."""
    position = announcement.position(now)
    if position.step is None:
        return None
    read = await material(connection, announcement, now=now, secret=secret)
    return frame(announcement, position.step, read, audience, next_at=position.next_at)


async def shown_podiums(
    connection: Any, announcement: Announcement, *, audience: Audience, now: datetime, secret: str
) -> list[Podium]:
    """Every part of an announcement whole, as an audience may see it now, for pages and messages."""
    read = await material(connection, announcement, now=now, secret=secret)
    return podiums(announcement.plan, read, audience)
