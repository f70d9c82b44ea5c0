"""Telling the winner: from then on they see the award and may answer.

Law: privately as soon as it is approved where the charter says so, else when the winners are announced
to everybody; once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from rewards.awards.award import AwardState, AwardView
from rewards.awards.leaving import keep_for_leaver
from rewards.awards.reading import award, awards
from rewards.awards.record import locked, note
from rewards.connection import Connection
from rewards.notices import NoticeKind, notify

# Approved by everybody who must, and the winner does not know.
_UNTOLD: Final = """
select e.award_id from award_event e
where e.kind = 'approved' and (e.detail->>'last')::boolean
  and not exists (select from award_event t where t.award_id = e.award_id and t.kind = 'told')
order by e.award_id
"""


async def tell(connection: Connection, view: AwardView, now: datetime) -> None:
    """Tell the winner of an approved award that the caller has locked, if it is time to."""
    if view.told_at is not None or view.state is not AwardState.APPROVED:
        return
    if not (view.terms.tell_privately or view.left or await _announced(connection, view)):
        return
    await note(connection, view.id, "told", by=None, now=now)
    kind: NoticeKind = "award_won" if view.passed_from is None else "award_passed_to_you"
    await notify(
        connection,
        view.person_id,
        kind,
        {"contest": view.terms.contest, "amount": view.what},
        key=f"{kind}:{view.id}",
        now=now,
    )
    if view.left:
        await keep_for_leaver(connection, await award(connection, view.id), now)


async def tell_announced(connection: Connection, now: datetime) -> int:
    """Tell the winners of contests that were announced meanwhile; how many."""
    told = 0
    rows = await connection.fetch(_UNTOLD)
    for view in await awards(connection, ids=[row["award_id"] for row in rows]):
        if view.state is AwardState.APPROVED and await _announced(connection, view):
            async with connection.transaction():
                await tell(connection, await locked(connection, view.id), now)
                told += 1
    return told


async def _announced(connection: Connection, view: AwardView) -> bool:
    announced: bool = await connection.fetchval(
        """select exists (select from contest_event where contest_id = $1
             and kind in ('announced', 'closed'))""",
        view.contest_id,
    )
    return announced
