"""After the decision: announcing it, and closing the contest when everything in it is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from rewards.connection import Connection
from rewards.contests.entrants import entered
from rewards.contests.record import lock, note
from rewards.notices import notify_many
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit

# A contest that nobody announces is closed all the same, once nobody waits for anything in it.
_UNANNOUNCED: Final = timedelta(days=30)

# Awards that somebody still has to do something about.
_OPEN_AWARDS = """
select exists (select from award a where a.contest_id = $1 and not exists (
  select from award_event e where e.award_id = a.id and (
    e.kind in ('paid', 'refused', 'lapsed', 'passed_on', 'voided', 'recovered')
    or (e.kind = 'accepted' and a.kind = 'recognition'))))
"""


async def announce(
    connection: Connection, contest_id: int, *, by: int, line: str, now: datetime
) -> None:
    """Say who won, with a line of one's own. Raises Refused before it is decided."""
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        charter = contest.charter
        if not (await holds(connection, by, "leader") or await holds(connection, by, "hr")):
            raise Refused("Leaders and people with the role HR announce winners.")
        if not contest.happened("decided"):
            raise Refused(f"{charter.name} is not decided yet.")
        if contest.happened("announced"):
            return  # a double click
        line = " ".join(line.split())
        await note(connection, contest, "announced", by=by, detail={"line": line}, now=now)
        await record_audit(
            connection, by, "contest_announced", f"contest:{contest_id}", {"line": line}, now
        )
        await notify_many(
            connection,
            await entered(connection, contest_id),
            "contest_decided",
            {"contest": charter.name, "slug": contest.slug},
            key=f"contest_decided:{contest.charter_id}",
            now=now,
        )


async def close(connection: Connection, contest_id: int, now: datetime) -> bool:
    """Close a decided contest whose awards are all done; returns whether this call did."""
    # Asked every second: without the lock first.
    if await connection.fetchval(_OPEN_AWARDS, contest_id):
        return False
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        decided = contest.happened("decided")
        if decided is None or contest.happened("closed"):
            return False
        winners = bool(decided.detail.get("winners"))
        if winners and not contest.happened("announced") and now < decided.at + _UNANNOUNCED:
            return False
        if await connection.fetchval(_OPEN_AWARDS, contest_id):
            return False
        await note(connection, contest, "closed", by=None, detail={}, now=now)
    return True
