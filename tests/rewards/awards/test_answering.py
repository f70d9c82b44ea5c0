"""The winner's answer, what becomes of a choice, of silence, of a no; leaving; and what payroll does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from rewards.amounts import Amount
from rewards.announcements import announce_quietly
from rewards.awards import (
    AwardState,
    accept,
    approve,
    award,
    awards,
    decline,
    delegate,
    export,
    lapse,
    pay,
    person_left,
    recover,
    remind,
    settle_days,
    show_award,
    wallet,
)
from rewards.budgets import balances
from rewards.contests.entering import enter
from rewards.refusal import Refused
from tests.rewards.awards.scene import (
    ANA,
    BEN,
    CARO,
    CASH,
    CHOICE,
    DAN,
    DECIDED,
    PRAISE,
    VACATION,
    agrees,
    approved,
    company,
    days,
    decided,
    give_role,
    steps,
    told,
)
from tests.rewards.life import world
from tests.rewards.life.world import DAYS, EUROS, HR, HR2, NOW, START, answers, charter, first

PAID_ON = date(2027, 1, 29)


async def test_only_the_winner_accepts_once_and_in_time(connection: Any) -> None:
    await company(connection)
    ids = await decided(connection, accept_days=14)
    await approved(connection, ids, HR2)
    last = DECIDED + days(14) - timedelta(microseconds=1)
    with pytest.raises(Refused, match="Only the winner"):
        await accept(connection, ids[CASH], by=BEN, now=DECIDED)
    with pytest.raises(Refused, match="over"):
        await accept(connection, ids[CASH], by=ANA, now=DECIDED + days(14))
    for _ in range(2):
        await accept(connection, ids[CASH], by=ANA, now=last)
    with pytest.raises(Refused, match="accepted"):
        await decline(connection, ids[CASH], by=ANA, now=last)
    assert await steps(connection, ids[CASH]) == ["proposed", "approved", "told", "accepted"]
    await agrees(connection)


async def test_an_award_nobody_told_of_cannot_be_answered(connection: Any) -> None:
    await company(connection)
    ids = await decided(connection)
    with pytest.raises(Refused, match="no such award"):
        await accept(connection, ids[CASH], by=ANA, now=DECIDED)
    assert (await wallet(connection, ANA, DECIDED)).awards == ()


async def test_winners_are_told_with_everybody_else_where_the_charter_says_so(
    connection: Any,
) -> None:
    await company(connection)
    ids = await decided(connection, tell_privately=False)
    await approved(connection, ids, HR2)
    assert await told(connection, "award_won") == []
    contest_id = (await award(connection, ids[0])).contest_id
    for kind in ("settled", "decided"):
        await connection.execute(
            """insert into contest_event (contest_id, charter_id, kind, detail, recorded_at)
               select $1, max(id), $2, '{}', $3 from charter where contest_id = $1""",
            contest_id, kind, DECIDED,
        )  # fmt: skip
    later = DECIDED + days(3)
    await announce_quietly(connection, contest_id, by=HR2, line="Well done", now=later)
    await remind(connection, later)
    await remind(connection, later)
    assert [person for person, _ in await told(connection, "award_won")] == [ANA, BEN, CARO, DAN]
    assert (await award(connection, ids[CASH])).accept_by == later + days(14)


@pytest.mark.parametrize(("choice", "gone"), [("cash", DAYS), ("days", EUROS)])
async def test_what_the_winner_did_not_choose_is_available_again(
    connection: Any, choice: str, gone: int
) -> None:
    await company(connection)
    ids = await decided(connection)
    await approved(connection, ids, HR2)
    before = await balances(connection)
    for nothing in (None, "both"):
        with pytest.raises(Refused, match="Choose"):
            await accept(connection, ids[CHOICE], by=CARO, now=DECIDED, choice=nothing)
    for _ in range(2):
        view = await accept(connection, ids[CHOICE], by=CARO, now=DECIDED, choice=choice)
    assert view.amount == (Amount(5_000, "EUR") if choice == "cash" else Amount(2))
    other = "days" if choice == "cash" else "cash"
    with pytest.raises(Refused, match="already"):
        await accept(connection, ids[CHOICE], by=CARO, now=DECIDED, choice=other)
    after = await balances(connection)
    moved = {id: before[id].reserved - after[id].reserved for id in (EUROS, DAYS)}
    assert moved == {EUROS: 0, DAYS: 0} | {gone: 2 if gone == DAYS else 5_000}
    await agrees(connection)


async def test_saying_nothing_lets_an_award_lapse_and_its_money_go_back(connection: Any) -> None:
    await company(connection)
    ids = await decided(connection)
    await approved(connection, ids, HR2)
    await lapse(connection, DECIDED + days(14) - timedelta(microseconds=1))
    assert {view.state for view in await awards(connection)} == {AwardState.APPROVED}
    for _ in range(2):
        await lapse(connection, DECIDED + days(14))
    assert [view.state for view in await awards(connection)] == [
        AwardState.LAPSED, AwardState.LAPSED, AwardState.LAPSED,
        AwardState.ACCEPTED,  # recognition is not taken from anybody for saying nothing
    ]  # fmt: skip
    assert [person for person, _ in await told(connection, "award_lapsed")] == [ANA, BEN, CARO]
    now = await balances(connection)
    assert (now[EUROS].reserved, now[DAYS].reserved) == (0, 0)
    await agrees(connection)


async def test_approvers_are_told_at_once_and_every_other_day_and_winners_reminded_twice(
    connection: Any,
) -> None:
    hr3, stand_in, _ = await company(connection)
    ids = await decided(connection)
    for later in (0, 1):
        await remind(connection, DECIDED + days(later))
    assert [person for person, _ in await told(connection, "approval_waits")] == [HR2, hr3]
    await delegate(connection, HR2, stand_in, DECIDED + days(1), DECIDED + days(3), now=DECIDED)
    for _ in range(2):
        await remind(connection, DECIDED + days(2))
    reminded = [person for person, _ in await told(connection, "approval_waits")]
    assert reminded[2:] == [HR2, hr3, stand_in]
    await remind(connection, DECIDED + days(4))
    assert len(await told(connection, "approval_waits")) == 7
    await approved(connection, ids, HR2)
    for number in range(14):
        await remind(connection, DECIDED + days(number))
    reminded = [person for person, _ in await told(connection, "award_waits_for_answer")]
    assert reminded == [ANA, BEN, CARO, DAN] * 2


async def test_recognition_has_no_money_and_nothing_to_pay(connection: Any) -> None:
    await company(connection)
    ids = await decided(connection)
    await approved(connection, ids, HR2)
    view = await accept(connection, ids[PRAISE], by=DAN, now=DECIDED)
    assert (view.what, view.amount) == ("A word of thanks", None)
    with pytest.raises(Refused):
        await export(connection, ids[PRAISE], payout="P-2026-0001", by=HR2, now=DECIDED)
    asked = "select count(*) from transfer where award_id = $1"
    assert await connection.fetchval(asked, ids[PRAISE]) == 0


async def test_declined_is_void_unless_the_charter_passes_it_on(connection: Any) -> None:
    await company(connection)
    ids = await decided(connection, pass_on=False)
    await approved(connection, ids, HR2)
    for _ in range(2):
        view = await decline(connection, ids[CASH], by=ANA, now=DECIDED)
    assert (view.state, view.passed_on) == (AwardState.DECLINED, False)
    with pytest.raises(Refused, match="declined"):
        await accept(connection, ids[CASH], by=ANA, now=DECIDED)
    assert (await balances(connection))[EUROS].reserved == 5_000
    await agrees(connection)


async def test_declined_goes_once_to_the_next_who_is_approved_anew(connection: Any) -> None:
    await company(connection)
    contest = await world.published(connection, charter(prizes=(first(last=2),), pass_on=True))
    for person in (ANA, BEN, CARO, DAN):
        await enter(connection, contest, person, now=NOW)
    for name, number in (("a1", 9), ("a2", 7), ("a3", 5), ("a4", 3)):
        await world.tell(connection, *answers(name, number, START))
    await world.decided(connection)
    one, two = await awards(connection, contest_id=contest)
    assert (one.person_id, two.person_id) == (ANA, BEN)
    await approved(connection, [one.id, two.id], HR2)
    for _ in range(2):
        view = await decline(connection, one.id, by=ANA, now=DECIDED)
    assert view.passed_on
    heir = (await awards(connection, contest_id=contest))[-1]
    assert (heir.person_id, heir.passed_from, heir.state) == (CARO, one.id, AwardState.PROPOSED)
    assert (heir.prize, heir.place, heir.amount) == (one.prize, one.place, one.amount)
    await agrees(connection)
    with pytest.raises(Refused, match="proposes"):
        await approve(connection, heir.id, by=HR, now=DECIDED)
    await approve(connection, heir.id, by=HR2, now=DECIDED)
    assert [person for person, _ in await told(connection, "award_passed_to_you")] == [CARO]
    assert not (await decline(connection, heir.id, by=CARO, now=DECIDED)).passed_on
    assert len(await awards(connection, contest_id=contest)) == 3
    # The other winner's goes on as well, past who had one and gave it away.
    await decline(connection, two.id, by=BEN, now=DECIDED)
    assert (await awards(connection, contest_id=contest))[-1].person_id == DAN
    await agrees(connection)


async def test_where_nobody_is_next_what_is_declined_is_void(connection: Any) -> None:
    await company(connection)
    contest = await world.published(connection, charter(pass_on=True))
    for person in (ANA, BEN):
        await enter(connection, contest, person, now=NOW)
    await world.tell(connection, *answers("a1", 9, START), *answers("a2", 7, START))
    await world.decided(connection)
    await world.become(connection, BEN, "left", DECIDED)
    [only] = await awards(connection, contest_id=contest)
    await approved(connection, [only.id], HR2)
    later = DECIDED + days(1)
    assert not (await decline(connection, only.id, by=ANA, now=later)).passed_on
    assert (await balances(connection))[EUROS].reserved == 0
    await agrees(connection)


async def test_paid_is_final_and_comes_back_only_by_new_transfers_never_more_than_paid(
    connection: Any,
) -> None:
    await company(connection)
    ids = await decided(connection)
    await approved(connection, ids, HR2)
    cash = ids[CASH]
    with pytest.raises(Refused):
        await pay(connection, cash, reference="r1", paid_on=PAID_ON, by=HR2, now=DECIDED)
    await accept(connection, cash, by=ANA, now=DECIDED)
    for _ in range(2):
        await export(connection, cash, payout="P-2026-0001", by=HR2, now=DECIDED)
    with pytest.raises(Refused):
        await export(connection, cash, payout="P-2026-0002", by=HR2, now=DECIDED)
    for _ in range(2):
        await pay(connection, cash, reference="r1", paid_on=PAID_ON, by=HR2, now=DECIDED)
    with pytest.raises(Refused, match="another reference"):
        await pay(connection, cash, reference="r2", paid_on=PAID_ON, by=HR2, now=DECIDED)
    await agrees(connection)

    async def back(units: int, key: str, *, by: int = HR2, reason: str = "Paid twice") -> Any:
        return await recover(connection, cash, units, by=by, reason=reason, now=DECIDED, key=key)

    with pytest.raises(Refused, match="why"):
        await back(1, "a", reason=" ")
    with pytest.raises(Refused, match="role HR"):
        await back(1, "a", by=BEN)
    for units in (10_001, 0, -1):
        with pytest.raises(Refused):
            await back(units, "a")
    for _ in range(2):
        assert (await back(4_000, "a")).state is AwardState.PAID
    with pytest.raises(Refused):
        await back(6_001, "b")
    assert (await back(6_000, "b")).state is AwardState.RECOVERED
    assert len(await told(connection, "award_recovered")) == 2
    assert (await balances(connection))[EUROS].spent == 0
    await agrees(connection)


async def test_nobody_takes_back_an_award_of_their_own(connection: Any) -> None:
    await company(connection)
    await give_role(connection, ANA, "hr")
    ids = await decided(connection)
    await approved(connection, ids[:1], HR2)
    await accept(connection, ids[CASH], by=ANA, now=DECIDED)
    await export(connection, ids[CASH], payout="P-2026-0001", by=HR2, now=DECIDED)
    await pay(connection, ids[CASH], reference="r", paid_on=PAID_ON, by=HR2, now=DECIDED)
    with pytest.raises(Refused, match="of their own"):
        await recover(connection, ids[CASH], 1, by=ANA, reason="Nice of me", now=DECIDED)


@pytest.mark.parametrize("before", [True, False])
async def test_a_leaver_keeps_money_without_another_answer(connection: Any, before: bool) -> None:
    await company(connection)
    ids = await decided(connection)
    if before:
        await person_left(connection, ANA, DECIDED)
        await person_left(connection, CARO, DECIDED)
    await approved(connection, ids, HR2)
    if not before:
        await person_left(connection, ANA, DECIDED)
        await person_left(connection, CARO, DECIDED)
    await person_left(connection, ANA, DECIDED)
    for which, units in ((CASH, 10_000), (CHOICE, 5_000)):
        view = await award(connection, ids[which])
        assert (view.state, view.amount) == (AwardState.ACCEPTED, Amount(units, "EUR"))
    await lapse(connection, DECIDED + days(99))
    assert (await award(connection, ids[CASH])).state is AwardState.ACCEPTED
    await agrees(connection)


async def test_a_leavers_days_are_settled_in_words_by_somebody_else(connection: Any) -> None:
    await company(connection)
    await give_role(connection, BEN, "hr")
    ids = await decided(connection)
    await approved(connection, ids, HR2)
    vacation = ids[VACATION]
    with pytest.raises(Refused, match="Nothing"):
        await settle_days(connection, vacation, by=HR2, reason="Why not", now=DECIDED)
    await person_left(connection, BEN, DECIDED)
    await lapse(connection, DECIDED + days(99))
    assert (await award(connection, vacation)).state is AwardState.APPROVED
    with pytest.raises(Refused, match="how"):
        await settle_days(connection, vacation, by=HR2, reason="", now=DECIDED)
    with pytest.raises(Refused, match="else"):
        await settle_days(connection, vacation, by=BEN, reason="Paid out", now=DECIDED)
    for _ in range(2):
        view = await settle_days(
            connection, vacation, by=HR2, reason="Paid out with the last salary", now=DECIDED
        )
    assert view.state is AwardState.VOIDED
    assert (await balances(connection))[DAYS].reserved == 0
    await agrees(connection)


async def test_nothing_is_shown_of_an_award_until_its_winner_says_so(connection: Any) -> None:
    await company(connection)
    ids = await decided(connection)
    with pytest.raises(Refused):
        await show_award(connection, ids[CASH], by=ANA, name="name", prize=True, now=DECIDED)
    await approved(connection, ids, HR2)
    view = await award(connection, ids[CASH])
    assert (view.display.name, view.display.prize) == ("none", False)
    for _ in range(2):
        view = await show_award(
            connection, ids[CASH], by=ANA, name="alias", prize=True, now=DECIDED
        )
    assert (view.display.name, view.display.prize) == ("alias", True)
    view = await show_award(connection, ids[CASH], by=ANA, name="none", prize=True, now=DECIDED)
    assert (view.display.name, view.display.prize) == ("none", False)
    for person, name in ((HR2, "name"), (ANA, "photo")):
        with pytest.raises(Refused):
            await show_award(connection, ids[CASH], by=person, name=name, prize=True, now=DECIDED)


async def test_a_wallet_says_what_was_won_what_waits_and_what_was_paid(connection: Any) -> None:
    await company(connection)
    ids = await decided(connection)
    await approved(connection, ids, HR2)
    assert (await wallet(connection, ANA, DECIDED)).won == ()
    await accept(connection, ids[CASH], by=ANA, now=DECIDED)
    euros = (Amount(10_000, "EUR"),)
    mine = await wallet(connection, ANA, DECIDED)
    assert (mine.won, mine.waiting, mine.paid) == (euros, euros, ())
    await export(connection, ids[CASH], payout="P-2026-0001", by=HR2, now=DECIDED)
    await pay(connection, ids[CASH], reference="r", paid_on=PAID_ON, by=HR2, now=DECIDED)
    mine = await wallet(connection, ANA, DECIDED)
    assert (mine.won, mine.waiting, mine.paid) == (euros, (), euros)
    await recover(connection, ids[CASH], 2_500, by=HR2, reason="Too much", now=DECIDED)
    assert (await wallet(connection, ANA, DECIDED)).paid == (Amount(7_500, "EUR"),)
