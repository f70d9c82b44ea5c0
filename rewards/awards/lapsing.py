"""What time does to awards: the winner who says nothing, days that are not taken, reminders.

Law: each may be asked again at any moment and is done once; each award in a transaction of its own.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from rewards.awards.answering import take
from rewards.awards.approval import is_second_voice, why_not
from rewards.awards.award import AwardState, AwardView
from rewards.awards.dates import half_days_left
from rewards.awards.delegations import standing_in
from rewards.awards.reading import awards
from rewards.awards.record import give_back, locked, note
from rewards.awards.telling import tell_announced
from rewards.connection import Connection
from rewards.notices import notify
from rewards.roles import holders

# A winner is reminded when half of the time is over, and once more when so much is left.
_LAST_CALL: Final = timedelta(days=2)
# Approvers are told when awards wait for them, and again after each so long.
_APPROVERS_WAIT: Final = timedelta(days=2)
# The clock asks every half minute: what is answered or long over is not read again.
_UNANSWERED: Final = """
select a.id from award a where not exists (
  select from award_event e where e.award_id = a.id
    and e.kind in ('refused', 'accepted', 'declined', 'lapsed', 'voided')) order by a.id
"""
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
    for view in await _unanswered(connection):
        if view.accept_by is not None and now >= view.accept_by and not view.left:
            done += await _lapse(connection, view.id, now)
    rows = await connection.fetch(_MAY_HAVE_EXPIRED, *_dates_around(now))
    for view in await awards(connection, ids=[row["award_id"] for row in rows]):
        if _days_are_over(view, now):
            done += await _expire(connection, view.id, now)
    return done


async def remind(connection: Connection, now: datetime) -> int:
    """Tell winners whom Fanfare still waits for, and approvers what waits for them; how many awards."""
    await tell_announced(connection, now)
    done = 0
    waiting: dict[int, list[AwardView]] = defaultdict(list)
    for view in await _unanswered(connection):
        if view.state is AwardState.APPROVED:
            done += await _remind_winner(connection, view, now)
        else:
            waiting[view.contest_id].append(view)
    for contest_id, views in waiting.items():
        await _remind_approvers(connection, contest_id, views, now)
        done += len(views)
    return done


async def _unanswered(connection: Connection) -> list[AwardView]:
    """Awards that are proposed, or approved and wait for the winner."""
    rows = await connection.fetch(_UNANSWERED)
    return await awards(connection, ids=[row["id"] for row in rows])


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


async def _remind_winner(connection: Connection, view: AwardView, now: datetime) -> bool:
    until = view.accept_by
    if view.told_at is None or until is None or view.left or now >= until:
        return False
    due = sum(
        now >= moment for moment in (view.told_at + (until - view.told_at) / 2, until - _LAST_CALL)
    )
    async with connection.transaction():
        view = await locked(connection, view.id)
        sent = sum(event.kind == "reminded" for event in view.events)
        if due <= sent or view.state is not AwardState.APPROVED:
            return False
        for number in range(sent, due):
            await note(connection, view.id, "reminded", by=None, now=now, detail={"number": number})
        on = until.astimezone(ZoneInfo(view.terms.zone)).date()
        words = format_date(on, "d MMMM y", locale="en")
        await notify(
            connection,
            view.person_id,
            "award_waits_for_answer",
            {"contest": view.terms.contest, "amount": view.what, "until": words},
            key=f"award_waits_for_answer:{view.id}:{due}",
            now=now,
        )
        return True


async def _remind_approvers(
    connection: Connection, contest_id: int, views: list[AwardView], now: datetime
) -> None:
    oldest = min(view.proposed_at for view in views)
    turn = (now - oldest) // _APPROVERS_WAIT
    voices: dict[int, list[int | None]] = {
        person: [None] for person in await holders(connection, "hr")
    }
    for person, others in (await standing_in(connection, now)).items():
        voices.setdefault(person, []).extend(others)
    for person, fors in sorted(voices.items()):
        mine = [
            view
            for view in views
            if any(
                why_not(view, person, who) is None and not is_second_voice(view, person, who)
                for who in fors
            )
        ]
        if not mine:
            continue
        terms = mine[0].terms
        await notify(
            connection,
            person,
            "approval_waits",
            {"contest": terms.contest, "slug": terms.slug, "count": len(mine)},
            # A later award, such as one that was passed on, begins anew.
            key=f"approval_waits:{contest_id}:{person}:{oldest.isoformat()}:{turn}",
            now=now,
        )
