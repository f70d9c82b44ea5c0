"""The contest behind an address."""

from __future__ import annotations

from litestar.exceptions import NotFoundException

from app.database import Connection
from rewards import Contest, NoSuchContest, contest_by_slug


async def contest_at(connection: Connection, slug: str) -> Contest:
    """The contest of this slug; a slug that is none is a page that is not there."""
    try:
        return await contest_by_slug(connection, slug)
    except NoSuchContest:
        raise NotFoundException("There is no such contest.") from None
