"""What waits for somebody of HR besides approval: dates wished for, a leaver's days."""

from __future__ import annotations

from rewards.awards.award import AwardView
from rewards.awards.leaving import needs_settling
from rewards.awards.reading import awards
from rewards.connection import Connection


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
