"""The announcement behind an address, and who may make one."""

from __future__ import annotations

from typing import Final

from litestar.exceptions import NotFoundException

from app.auth.guards import has_role
from app.database import Connection
from app.pages.contest_run.found import contest_at
from rewards import Announcement, Contest, announcements

LEADERS: Final = has_role("leader", "hr")


def home(slug: str, place: str = "") -> str:
    """Where a contest is announced: `/leader/announcements/starters/remote`."""
    return f"/leader/announcements/{slug}" + (f"/{place}" if place else "")


async def published_at(connection: Connection, slug: str) -> Contest:
    """The published contest of this slug; a draft is nobody's business here."""
    contest = await contest_at(connection, slug)
    if contest.published is None:
        raise NotFoundException("There is no such contest.")
    return contest


async def newest(
    connection: Connection, contest: Contest, *, finished: bool | None = None
) -> Announcement | None:
    """A contest's announcement that was not called off; None where there is none."""
    found = await announcements(connection, contest_id=contest.id, finished=finished, limit=1)
    return found[0] if found else None


async def newest_at(connection: Connection, slug: str) -> tuple[Contest, Announcement]:
    """The contest and its announcement; without one there is no page."""
    contest = await published_at(connection, slug)
    announcement = await newest(connection, contest)
    if announcement is None:
        raise NotFoundException("This contest is not being announced.")
    return contest, announcement


async def finished_at(connection: Connection, slug: str) -> tuple[Contest, Announcement]:
    """The contest and its announcement, once everybody was told of it."""
    contest = await published_at(connection, slug)
    announcement = await newest(connection, contest, finished=True)
    if announcement is None:
        raise NotFoundException("This contest was not announced yet.")
    return contest, announcement
