"""What time does to awards: the winner who says nothing, days that are not taken.

Law: each may be asked again at any moment and is done once; each award in a transaction of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rewards.awards.answering import take
from rewards.awards.award import AwardState, AwardView
from rewards.awards.dates import half_days_left
from rewards.awards.reading import awards
from rewards.awards.record import give_back, locked, note
from rewards.awards.waiting import unanswered
from rewards.connection import Connection
from rewards.notices import notify

# Days that ended so recently and were not looked at since; their dates are ISO, so they sort as text.
_MAY_HAVE_EXPIRED: Final = """
select a.award_id from award_event a
where a.kind = 'accepted' and a.detail->>'expires_on' between $1 and $2
  and not exists (select from award_event e where e.award_id = a.award_id
                  and e.kind in ('expired', 'voided', 'left'))
"""
_LOOK_BACK: Final = timedelta(days=400)  # longer than any worker stands still


async def lapse(connection: Connection, now: datetime) -> int:
    """Let lapse what nobody accepted in time, and expire days that can no longer be taken; how many.

    Recognition is not taken from anybody for saying nothing: it stands as accepted.
    """
    done = 0
    for view in await unanswered(connection):
        if view.accept_by is not None and now >= view.accept_by and not view.left:
            done += await _lapse(connection, view.id, now)
    rows = await connection.fetch(_MAY_HAVE_EXPIRED, *_dates_around(now))
    for view in await awards(connection, ids=[row["award_id"] for row in rows]):
        if _days_are_over(view, now):
            done += await _expire(connection, view.id, now)
    return done


async def _lapse(connection: Connection, award_id: int, now: datetime) -> bool:
    async with connection.transaction():
        view = await locked(connection, award_id)
        until = view.accept_by
        if view.state is not AwardState.APPROVED or until is None or now < until or view.left:
            return False
        if view.kind == "recognition":
            await take(connection, view, None, by=None, now=now)
            return True
        await note(connection, award_id, "lapsed", by=None, now=now)
        await give_back(
            connection, view, by=None, reason="not accepted in time", now=now, verb="expire"
        )
        await notify(
            connection,
            view.person_id,
            "award_lapsed",
            {"contest": view.terms.contest, "amount": view.what},
            key=f"award_lapsed:{award_id}",
            now=now,
        )
        return True


def _dates_around(now: datetime) -> tuple[str, str]:
    # The day may be over in some zone and not in another: the award's own says so afterwards.
    return f"{(now - _LOOK_BACK).date()}", f"{(now + timedelta(days=1)).date()}"


def _days_are_over(view: AwardView, now: datetime) -> bool:
    if view.expires_on is None or view.expired or view.left:
        return False
    today = now.astimezone(ZoneInfo(view.terms.zone)).date()
    return today > view.expires_on and half_days_left(view) > 0


async def _expire(connection: Connection, award_id: int, now: datetime) -> bool:
    # The budget has given these days; that they were not taken does not give them back.
    async with connection.transaction():
        view = await locked(connection, award_id)
        if not _days_are_over(view, now):
            return False
        detail = {"half_days": half_days_left(view)}
        await note(connection, award_id, "expired", by=None, now=now, detail=detail)
        return True
