"""What waits for somebody: for approval or an answer, dates wished for, a leaver's days."""

from __future__ import annotations

from typing import Final

from rewards.awards.award import AwardView
from rewards.awards.leaving import needs_settling
from rewards.awards.reading import awards
from rewards.connection import Connection

# The clock asks every half minute: what is answered or long over is not read again.
_UNANSWERED: Final = """
select a.id from award a where not exists (
  select from award_event e where e.award_id = a.id
    and e.kind in ('refused', 'accepted', 'declined', 'lapsed', 'voided')) order by a.id
"""


async def unanswered(connection: Connection) -> list[AwardView]:
    """Awards that are proposed, or approved and wait for the winner."""
    rows = await connection.fetch(_UNANSWERED)
    return await awards(connection, ids=[row["id"] for row in rows])


async def awards_with_wishes(connection: Connection) -> list[AwardView]:
    """Awards with a date that nobody confirmed or refused yet, the longest waiting first."""
    rows = await connection.fetch(
        """select w.award_id from award_event w
           where w.kind = 'date_wished' and not exists (
             select from award_event d where d.award_id = w.award_id
               and d.kind in ('date_confirmed', 'date_refused')
               and (d.detail->>'wish')::bigint = w.id)
           group by w.award_id order by min(w.id)"""
    )
    ids = [row["award_id"] for row in rows]
    found = {view.id: view for view in await awards(connection, ids=ids)}
    return [found[id] for id in ids]


async def awards_to_settle(connection: Connection) -> list[AwardView]:
    """Awards of people who left with days that nobody can take any more."""
    rows = await connection.fetch(
        """select l.award_id from award_event l where l.kind = 'left' and not exists (
             select from award_event d where d.award_id = l.award_id
               and d.kind in ('voided', 'expired')) order by l.id"""
    )
    ids = [row["award_id"] for row in rows]
    return [view for view in await awards(connection, ids=ids) if needs_settling(view)]
