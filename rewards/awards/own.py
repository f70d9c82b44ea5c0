"""Whether an award is somebody's own, also where it was won under another record of theirs."""

from __future__ import annotations

from rewards.awards.award import AwardView
from rewards.connection import Connection
from scoring import everyone_of


async def is_own(connection: Connection, view: AwardView, person_id: int | None) -> bool:
    """Whether this person won it."""
    if person_id is None or view.person_id == person_id:
        return person_id is not None
    return view.person_id in await everyone_of(connection, person_id)
