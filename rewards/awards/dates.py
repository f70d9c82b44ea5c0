"""When vacation days are taken: the winner wishes for a date, somebody of HR confirms it.

Law: never more half days than were won, never in the past, never after they expire; nobody confirms a
date of their own.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from rewards.amounts import Amount, in_words
from rewards.awards.award import WON, AwardView, DateWish
from rewards.awards.own import is_own
from rewards.awards.reading import award
from rewards.awards.record import locked, note
from rewards.connection import Connection
from rewards.notices import notify
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit


def half_days_left(view: AwardView) -> int:
    """Half days that are neither wished for, nor confirmed, nor gone. Pure."""
    if not view.gives_days or view.state not in WON or view.expired or view.chosen is None:
        return 0
    asked = sum(wish.half_days for wish in view.dates if wish.state != "refused")
    return max(0, view.chosen.amount.units - view.recovered - asked)


def why_not_on(view: AwardView, on: date, half_days: int, today: date) -> str | None:
    """Why a date cannot be wished for, or None. Pure."""
    left = half_days_left(view)
    if not view.gives_days or view.state not in WON:
        return "Accept the award first; then you can wish for a date."
    if on < today:
        return "This day is over. Choose one that is still to come."
    if view.expires_on is not None and on > view.expires_on:
        return f"These days can be taken until {_words(view.expires_on)}."
    if half_days not in (1, 2):
        return "Wish for a whole day or for half a day at a time."
    if half_days > left:
        if not left:
            return "All days of this award are asked for already."
        return f"Only {in_words(Amount(left))} is left of this award."
    taken = sum(wish.half_days for wish in view.dates if wish.on == on and wish.state != "refused")
    if taken + half_days > 2:
        return "You asked for this day already."
    return None


async def wish_date(
    connection: Connection,
    award_id: int,
    *,
    by: int,
    on: date,
    half_days: int | None = None,
    now: datetime,
) -> AwardView:
    """The winner would like to take a day, or half of one, on a date. Raises Refused.

    `half_days` is 2 or 1; None: a whole day, or the half that is left.
    """
    async with connection.transaction():
        view = await locked(connection, award_id)
        if by != view.person_id:
            raise Refused("Only the winner wishes for a date.")
        same = [one for one in view.dates if one.on == on and one.state == "wished"]
        if any(half_days in (None, one.half_days) for one in same):
            return view  # a double click
        if half_days is None:
            half_days = min(2, max(1, half_days_left(view)))
        sentence = why_not_on(view, on, half_days, _today(view, now))
        if sentence is not None:
            raise Refused(sentence, field="on")
        detail = {"on": on.isoformat(), "half_days": half_days}
        await note(connection, award_id, "date_wished", by=by, now=now, detail=detail)
        return await award(connection, award_id)


async def confirm_date(
    connection: Connection, award_id: int, wish_id: int, *, by: int, now: datetime
) -> AwardView:
    """Somebody of HR says yes; `wish_id` is the wish's. Raises Refused."""
    return await _decide(connection, award_id, wish_id, "confirmed", by, None, now)


async def refuse_date(
    connection: Connection, award_id: int, wish_id: int, *, by: int, reason: str, now: datetime
) -> AwardView:
    """Somebody of HR says no and why; the winner can wish for another date. Raises Refused."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("Say why not, so that they can choose another date.", field="reason")
    return await _decide(connection, award_id, wish_id, "refused", by, reason, now)


async def _decide(
    connection: Connection, award_id: int, wish_id: int, answer: str, by: int,
    reason: str | None, now: datetime,
) -> AwardView:  # fmt: skip
    async with connection.transaction():
        view = await locked(connection, award_id)
        if await is_own(connection, view, by) or not await holds(connection, by, "hr"):
            raise Refused("Somebody else with the role HR decides about this date.")
        wish = next((one for one in view.dates if one.id == wish_id), None)
        if wish is None:
            raise Refused("There is no such wish.")
        if wish.state != "wished":
            if wish.state == answer:
                return view
            raise Refused(f"This date was {wish.state} meanwhile.")
        if answer == "confirmed":
            _still_possible(view, wish, now)
        await note(
            connection, award_id, f"date_{answer}", by=by, reason=reason, now=now,
            detail={"wish": wish_id},
        )  # fmt: skip
        detail = {"wish": wish_id}
        await record_audit(connection, by, f"date_{answer}", f"award:{award_id}", detail, now)
        on = _words(wish.on)
        key = f"date:{wish_id}"
        if answer == "confirmed":
            await notify(connection, view.person_id, "date_confirmed", {"on": on}, key=key, now=now)
        else:
            await notify(
                connection, view.person_id, "date_refused", {"on": on, "reason": reason or ""},
                key=key, now=now,
            )  # fmt: skip
        return await award(connection, award_id)


def _still_possible(view: AwardView, wish: DateWish, now: datetime) -> None:
    if wish.on < _today(view, now):
        raise Refused("This day is over meanwhile. Refuse it with a word, so they can choose anew.")
    if view.state not in WON or view.expired:
        raise Refused("These days are not there any more. Refuse the date with a word.")


def _today(view: AwardView, now: datetime) -> date:
    return now.astimezone(ZoneInfo(view.terms.zone)).date()


def _words(on: date) -> str:
    return format_date(on, "d MMMM y", locale="en")
