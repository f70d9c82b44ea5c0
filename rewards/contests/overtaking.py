"""A quiet note to who was overtaken, if they asked for it.

Law: nobody is told unless they want it, once a day and contest at most, and never by whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rewards.connection import Connection
from rewards.contests.record import Contest
from rewards.contests.tallying import Move
from rewards.notices import notify_many

_WATCHERS = """
select t.mode, t.bracket, t.person_id, t.value from tally t
where t.contest_id = $1 and t.value > 0 and t.person_id in (
  select person_id from (
    select distinct on (person_id) person_id, wanted from notice_choice
    where kind = 'contest_overtaken' order by person_id, id desc) c where wanted)
"""


async def tell_the_overtaken(
    connection: Connection, contest: Contest, moves: Sequence[Move], now: datetime
) -> None:
    """Tell who had at least as much as somebody before and has less now."""
    told = {
        row["person_id"]
        for row in await connection.fetch(_WATCHERS, contest.id)
        if any(
            (move.mode, move.bracket) == (row["mode"], row["bracket"])
            and move.person_id != row["person_id"]
            and move.before <= row["value"] < move.after
            for move in moves
        )
    }
    if not told:
        return
    charter = contest.charter
    today = now.astimezone(ZoneInfo(charter.zone)).date()
    await notify_many(
        connection,
        sorted(told),
        "contest_overtaken",
        {"contest": charter.name, "slug": contest.slug},
        key=f"contest_overtaken:{contest.id}:{today}",
        now=now,
    )
