"""Reminding: approvers of what waits for them, winners of what waits for their answer.

Law: it may be asked again at any moment, and nobody is told the same twice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from rewards.awards.approval import is_second_voice, why_not
from rewards.awards.award import AwardState, AwardView
from rewards.awards.delegations import standing_in
from rewards.awards.record import locked, note
from rewards.awards.telling import tell_announced
from rewards.awards.waiting import unanswered
from rewards.connection import Connection
from rewards.notices import notify
from rewards.roles import holders

# A winner is reminded when half of the time is over, and once more when so much is left.
_LAST_CALL: Final = timedelta(days=2)
# Approvers are told when awards wait for them, and again after each so long.
_APPROVERS_WAIT: Final = timedelta(days=2)


async def remind(connection: Connection, now: datetime) -> int:
    """Tell winners whom Fanfare still waits for, and approvers what waits for them; how many awards."""
    await tell_announced(connection, now)
    done = 0
    waiting: dict[int, list[AwardView]] = defaultdict(list)
    for view in await unanswered(connection):
        if view.state is AwardState.APPROVED:
            done += await _remind_winner(connection, view, now)
        else:
            waiting[view.contest_id].append(view)
    for contest_id, views in waiting.items():
        await _remind_approvers(connection, contest_id, views, now)
        done += len(views)
    return done


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
