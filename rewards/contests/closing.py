"""After the decision: the clock announces what no leader does, and closes the contest when everything in
it is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from rewards.announcements import announce_quietly, of_contest
from rewards.connection import Connection
from rewards.contests.record import Contest, lock, note, read
from rewards.roles import holders

# Awards that somebody still has to do something about.
_OPEN_AWARDS = """
select exists (select from award a where a.contest_id = $1 and not exists (
  select from award_event e where e.award_id = a.id and (
    e.kind in ('paid', 'refused', 'lapsed', 'passed_on', 'voided', 'recovered')
    or (e.kind = 'accepted' and a.kind = 'recognition'))))
"""


# When every award was approved or refused, for good, …
_APPROVED_AT = """
select a.id, (select min(e.recorded_at) from award_event e where e.award_id = a.id and (
    (e.kind = 'approved' and (e.detail->>'last')::bool)
    or e.kind in ('refused', 'voided', 'lapsed', 'declined'))) as done_at
from award a where a.contest_id = $1
"""

# … or answered by the winner.
_ANSWERED_AT = """
select a.id, (select min(e.recorded_at) from award_event e where e.award_id = a.id
    and e.kind in ('accepted', 'refused', 'voided', 'lapsed', 'declined')) as done_at
from award a where a.contest_id = $1
"""

# So long a leader has for announcing it, before the clock does it without a reveal.
LEFT_TO_LEADERS: Final = timedelta(days=7)


async def announce_when_ready(connection: Connection, contest_id: int, now: datetime) -> bool:
    """Let the clock announce what no leader did, quietly: when all awards are approved, or, where
    winners are told first, answered; at once where nobody is a leader, else a week later. Returns
    whether this call did."""
    # Asked every second: without the lock first.
    contest = await read(connection, contest_id)
    if not await _is_the_clocks(connection, contest, now):
        return False
    async with connection.transaction():
        if not await _is_the_clocks(connection, await lock(connection, contest_id), now):
            return False
        await announce_quietly(connection, contest_id, by=None, line="", now=now)
    return True


async def _is_the_clocks(connection: Connection, contest: Contest, now: datetime) -> bool:
    decided = contest.happened("decided")
    if decided is None or contest.happened("announced") or contest.happened("closed"):
        return False
    waits = _ANSWERED_AT if contest.charter.tell_privately else _APPROVED_AT
    done_at = [row["done_at"] for row in await connection.fetch(waits, contest.id)]
    if None in done_at:
        return False
    if now < max([decided.at, *done_at]) + LEFT_TO_LEADERS and await holders(connection, "leader"):
        return False
    return await of_contest(connection, contest.id) is None


async def close(connection: Connection, contest_id: int, now: datetime) -> bool:
    """Close a decided contest whose awards are all done; returns whether this call did."""
    # Asked every second: without the lock first.
    if await connection.fetchval(_OPEN_AWARDS, contest_id):
        return False
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        if contest.happened("decided") is None or contest.happened("closed"):
            return False
        if not contest.happened("announced"):
            return False
        if await connection.fetchval(_OPEN_AWARDS, contest_id):
            return False
        await note(connection, contest, "closed", by=None, detail={}, now=now)
    return True
