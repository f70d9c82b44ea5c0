"""Vacation days: half days, wishes that somebody confirms, an end, and a calendar file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from rewards.awards import (
    AwardState,
    accept,
    award,
    calendar,
    confirm_date,
    export,
    half_days_left,
    has_days,
    lapse,
    pay,
    person_left,
    refuse_date,
    settle_days,
    wallet,
    wish_date,
)
from rewards.awards.expiry import months_after
from rewards.refusal import Refused
from tests.rewards.awards.scene import (
    ANA,
    BEN,
    CASH,
    DECIDED,
    VACATION,
    agrees,
    approved,
    company,
    days,
    decided,
    give_role,
    told,
)
from tests.rewards.life.world import HR, HR2

FEBRUARY = date(2027, 2, 12)


async def won(connection: Any, **terms: Any) -> int:
    """Ben accepted one and a half vacation days."""
    await company(connection)
    ids = await decided(connection, **terms)
    await approved(connection, ids, HR2)
    await accept(connection, ids[VACATION], by=BEN, now=DECIDED)
    return ids[VACATION]


def test_months_after_end_with_the_month() -> None:
    assert months_after(date(2026, 12, 14), 12) == date(2027, 12, 14)
    assert months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)


async def test_days_expire_so_many_months_after_they_were_accepted(connection: Any) -> None:
    award_id = await won(connection, days_expire_months=3)
    view = await award(connection, award_id)
    assert view.expires_on == date(2027, 3, 14)
    with pytest.raises(Refused, match="until 14 March 2027"):
        await wish_date(connection, award_id, by=BEN, on=date(2027, 3, 15), now=DECIDED)
    await wish_date(connection, award_id, by=BEN, on=date(2027, 3, 14), now=DECIDED)
    await lapse(connection, datetime.fromisoformat("2027-03-14T22:59:00Z"))
    assert not (await award(connection, award_id)).expired
    for _ in range(2):
        await lapse(connection, datetime.fromisoformat("2027-03-14T23:00:00Z"))
    view = await award(connection, award_id)
    assert view.expired
    expired = view.happened("expired")
    assert expired is not None
    assert expired.detail == {"half_days": 1}
    assert half_days_left(view) == 0
    await agrees(connection)


async def test_a_wish_is_a_whole_or_half_day_never_past_never_more_than_left(
    connection: Any,
) -> None:
    award_id = await won(connection)

    async def wish(on: date, half_days: int | None = None, by: int = BEN) -> Any:
        return await wish_date(connection, award_id, by=by, on=on, half_days=half_days, now=DECIDED)

    with pytest.raises(Refused, match="Only the winner"):
        await wish(FEBRUARY, by=ANA)
    with pytest.raises(Refused, match="over"):
        await wish(DECIDED.date() - timedelta(days=1))
    for many in (0, 3, -2):
        with pytest.raises(Refused):
            await wish(FEBRUARY, many)
    for _ in range(2):
        view = await wish(FEBRUARY, 2)
    assert (len(view.dates), half_days_left(view)) == (1, 1)
    with pytest.raises(Refused, match="half a vacation day") as refused:
        await wish(FEBRUARY + timedelta(days=1), 2)
    assert refused.value.field == "on"
    with pytest.raises(Refused, match="already"):
        await wish(FEBRUARY, 1)
    view = await wish(FEBRUARY + timedelta(days=1))
    assert [one.half_days for one in view.dates] == [2, 1]
    with pytest.raises(Refused, match="All days"):
        await wish(FEBRUARY + timedelta(days=2))


async def test_somebody_else_of_hr_confirms_or_refuses_with_a_reason(connection: Any) -> None:
    award_id = await won(connection)
    await give_role(connection, BEN, "hr")
    view = await wish_date(connection, award_id, by=BEN, on=FEBRUARY, now=DECIDED)
    view = await wish_date(
        connection, award_id, by=BEN, on=FEBRUARY + timedelta(days=1), now=DECIDED
    )
    one, two = view.dates
    for person in (ANA, BEN):
        with pytest.raises(Refused, match="Somebody else"):
            await confirm_date(connection, award_id, one.id, by=person, now=DECIDED)
    with pytest.raises(Refused) as refused:
        await refuse_date(connection, award_id, one.id, by=HR2, reason=" ", now=DECIDED)
    assert refused.value.field == "reason"
    with pytest.raises(Refused, match="no such wish"):
        await confirm_date(connection, award_id, 10**9, by=HR2, now=DECIDED)
    for _ in range(2):
        await confirm_date(connection, award_id, one.id, by=HR2, now=DECIDED)
        await refuse_date(connection, award_id, two.id, by=HR2, reason="Trade fair", now=DECIDED)
    with pytest.raises(Refused, match="confirmed meanwhile"):
        await refuse_date(connection, award_id, one.id, by=HR2, reason="After all", now=DECIDED)
    assert await told(connection, "date_confirmed") == [(BEN, {"on": "12 February 2027"})]
    assert await told(connection, "date_refused") == [
        (BEN, {"on": "13 February 2027", "reason": "Trade fair"})
    ]
    view = await award(connection, award_id)
    assert half_days_left(view) == 1
    mine = await wallet(connection, BEN, DECIDED)
    assert (mine.days_left, mine.days_planned, mine.days_taken) == (1, 2, 0)
    mine = await wallet(connection, BEN, DECIDED + days(90))
    assert (mine.days_left, mine.days_planned, mine.days_taken) == (1, 0, 2)


async def test_a_day_that_is_over_meanwhile_is_not_confirmed(connection: Any) -> None:
    award_id = await won(connection)
    view = await wish_date(connection, award_id, by=BEN, on=FEBRUARY, now=DECIDED)
    with pytest.raises(Refused, match="over meanwhile"):
        await confirm_date(connection, award_id, view.dates[0].id, by=HR2, now=DECIDED + days(90))


async def test_money_and_unaccepted_days_have_no_dates(connection: Any) -> None:
    await company(connection)
    ids = await decided(connection)
    await approved(connection, ids, HR2)
    await accept(connection, ids[CASH], by=ANA, now=DECIDED)
    for which, winner in ((CASH, ANA), (VACATION, BEN)):
        with pytest.raises(Refused, match="Accept"):
            await wish_date(connection, ids[which], by=winner, on=FEBRUARY, now=DECIDED)


async def test_the_calendar_file_holds_confirmed_days_and_never_changes_its_ids(
    connection: Any,
) -> None:
    award_id = await won(connection)
    view = await wish_date(connection, award_id, by=BEN, on=FEBRUARY, now=DECIDED)
    assert not has_days(view)
    view = await confirm_date(connection, award_id, view.dates[0].id, by=HR, now=DECIDED)
    before = calendar(view)
    view = await wish_date(
        connection, award_id, by=BEN, on=FEBRUARY - timedelta(days=2), now=DECIDED
    )
    assert calendar(view) == before
    view = await confirm_date(connection, award_id, view.dates[1].id, by=HR, now=DECIDED)
    events = list(Calendar.from_ical(calendar(view)).walk("VEVENT"))
    assert [(e.decoded("dtstart"), e.decoded("dtend")) for e in events] == [
        (date(2027, 2, 10), date(2027, 2, 11)),
        (date(2027, 2, 12), date(2027, 2, 13)),
    ]
    assert [str(e["summary"]) for e in events] == [
        "Half a vacation day: Conversation starters",
        "Vacation day: Conversation starters",
    ]
    uid = next(iter(Calendar.from_ical(before).walk("VEVENT")))["uid"]
    assert [e["uid"] for e in events].count(uid) == 1
    assert len({str(e["uid"]) for e in events}) == 2
    assert b"\r\n" in before


async def test_a_leavers_paid_days_are_settled_in_words_and_the_ledger_stays(
    connection: Any,
) -> None:
    award_id = await won(connection)
    view = await wish_date(connection, award_id, by=BEN, on=FEBRUARY, now=DECIDED)
    await confirm_date(connection, award_id, view.dates[0].id, by=HR2, now=DECIDED)
    await export(connection, award_id, payout="P-2026-0001", by=HR2, now=DECIDED)
    await person_left(connection, BEN, DECIDED)
    with pytest.raises(Refused, match="payout file"):
        await settle_days(connection, award_id, by=HR2, reason="Paid out", now=DECIDED)
    await pay(connection, award_id, reference="r", paid_on=FEBRUARY, by=HR2, now=DECIDED)
    for _ in range(2):
        view = await settle_days(connection, award_id, by=HR2, reason="Paid out", now=DECIDED)
    assert (view.state, view.expired, half_days_left(view)) == (AwardState.PAID, True, 0)
    await agrees(connection)
