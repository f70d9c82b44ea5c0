"""The draft behind an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from litestar.exceptions import NotFoundException

from app.database import Connection
from rewards import NoSuchContest, contest_by_slug, read_draft


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it was saved last, and whether its contest is published."""

    contest_id: int
    slug: str
    form: dict[str, str]
    version: int
    changed_at: datetime
    published: bool


async def draft_of(connection: Connection, slug: str) -> Draft:
    """The draft of this slug; a slug that is none is a page that is not there."""
    try:
        contest = await contest_by_slug(connection, slug)
        draft = await read_draft(connection, contest.id)
    except NoSuchContest:
        raise NotFoundException("There is no such contest.") from None
    return Draft(
        contest.id,
        contest.slug,
        draft.form,
        draft.version,
        draft.changed_at,
        contest.published is not None,
    )
