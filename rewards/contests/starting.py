"""The start of a contest: who is in by default comes in, everybody gets a bracket and a team."""

from __future__ import annotations

from datetime import datetime

from rewards.connection import Connection
from rewards.contests.entering import enter_by_default
from rewards.contests.entrants import entered
from rewards.contests.people import teams_of
from rewards.contests.placing import place
from rewards.contests.record import lock, note
from rewards.events import emit


async def start(connection: Connection, contest_id: int, now: datetime) -> bool:
    """Start a contest whose moment has come; returns whether it was this call that did."""
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        if (
            contest.published is None
            or contest.happened("started")
            or contest.happened("cancelled")
            or now < contest.moments.starts_at
        ):
            return False
        charter = contest.charter
        if charter.entering == "default":
            await enter_by_default(connection, contest, now)
        people = await entered(connection, contest_id)
        await note(
            connection, contest, "started", by=None, detail={"entrants": len(people)}, now=now
        )
        teams = await teams_of(connection, charter, people)
        await place(connection, contest, teams, at=charter.start_at, now=now)
        await emit(
            connection,
            "contest.started",
            {"contest_id": contest_id, "slug": contest.slug, "entrants": len(people)},
            now,
        )
    return True
