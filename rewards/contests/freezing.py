"""The public standing stands still before the end, as the charter says; counting goes on."""

from __future__ import annotations

from datetime import datetime

from rewards.connection import Connection
from rewards.contests.entrants import placed
from rewards.contests.record import lock, note
from rewards.contests.tallying import freeze


async def freeze_standing(connection: Connection, contest_id: int, now: datetime) -> bool:
    """Keep the standing of the charter's moment as the public one; returns whether this call did."""
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        moments = contest.moments
        if (
            contest.happened("frozen")
            or contest.happened("cancelled")
            or contest.happened("decided")
            or moments.freezes_at is None
            or now < moments.freezes_at
        ):
            return False
        await freeze(connection, contest, await placed(connection, contest_id), moments.freezes_at)
        await note(
            connection, contest, "frozen", by=None, detail={"at": moments.freezes_at}, now=now
        )
    return True
