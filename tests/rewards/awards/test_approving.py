"""Nobody decides about themselves, two are two, a delegate never may what the other could not."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from rewards.amounts import Amount
from rewards.awards import (
    AwardState,
    approvals_needed,
    approve,
    approve_all,
    award,
    delegate,
    end_delegation,
    limits,
    may_act_for,
    open_evidence,
    refuse,
    set_limit,
)
from rewards.awards.limits import Limit
from rewards.budgets import balances
from rewards.refusal import Refused
from tests.rewards.awards.scene import (
    ANA,
    CASH,
    CHOICE,
    DECIDED,
    PRAISE,
    VACATION,
    agrees,
    company,
    days,
    decided,
    give_role,
    steps,
    told,
)
from tests.rewards.life.world import EUROS, HR, HR2


async def test_who_published_the_contest_proposes_and_somebody_else_approves(
    connection: Any,
) -> None:
    await company(connection)
    ids = await decided(connection)
    with pytest.raises(Refused, match="somebody else decides"):
        await approve(connection, ids[CASH], by=HR, now=DECIDED)
    view = await approve(connection, ids[CASH], by=HR2, now=DECIDED)
    assert view.state is AwardState.APPROVED
    assert view.told_at == DECIDED
    assert await told(connection, "award_won") == [
        (ANA, {"contest": "Conversation starters", "amount": "€100"})
    ]
    await agrees(connection)


async def test_nobody_approves_or_refuses_an_award_of_their_own(connection: Any) -> None:
    await company(connection)
    await give_role(connection, ANA, "hr")
    ids = await decided(connection)
    with pytest.raises(Refused, match="of their own"):
        await approve(connection, ids[CASH], by=ANA, now=DECIDED)
    with pytest.raises(Refused, match="of their own"):
        await refuse(connection, ids[CASH], by=ANA, reason="I would rather", now=DECIDED)
    assert await steps(connection, ids[CASH]) == ["proposed"]


async def test_only_hr_or_whom_they_asked_decides(connection: Any) -> None:
    _, stand_in, stranger = await company(connection)
    ids = await decided(connection)
    for person in (stand_in, stranger):
        with pytest.raises(Refused, match="role HR"):
            await approve(connection, ids[CASH], by=person, now=DECIDED)
    with pytest.raises(Refused, match="may not act"):
        await approve(connection, ids[CASH], by=stand_in, for_person=HR2, now=DECIDED)


async def test_above_the_limit_two_different_people_approve(connection: Any) -> None:
    hr3, _, _ = await company(connection)
    await set_limit(connection, kind="cash", currency="EUR", units=9_999, by=HR, now=DECIDED)
    ids = await decided(connection)
    assert (await award(connection, ids[CASH])).approvals_needed == 2
    assert (await award(connection, ids[CHOICE])).approvals_needed == 1
    first = await approve(connection, ids[CASH], by=HR2, now=DECIDED)
    assert (first.state, first.told_at) == (AwardState.PROPOSED, None)
    again = await approve(connection, ids[CASH], by=HR2, now=DECIDED)
    assert again.state is AwardState.PROPOSED
    assert (await approve(connection, ids[CASH], by=hr3, now=DECIDED)).state is AwardState.APPROVED
    assert await steps(connection, ids[CASH]) == ["proposed", "approved", "approved", "told"]


async def test_a_limit_changed_later_changes_nothing_under_way(connection: Any) -> None:
    await company(connection)
    await set_limit(connection, kind="cash", currency="EUR", units=100, by=HR, now=DECIDED)
    ids = await decided(connection)
    await set_limit(connection, kind="cash", currency="EUR", units=None, by=HR, now=DECIDED)
    await set_limit(connection, kind="cash", currency="EUR", units=None, by=HR, now=DECIDED)
    assert [one.units for one in await limits(connection)] == [None]
    assert await connection.fetchval("select count(*) from approval_limit") == 2
    assert (await award(connection, ids[CASH])).approvals_needed == 2


def test_of_a_choice_the_amount_above_its_limit_decides() -> None:
    some = [Limit("cash", "EUR", 10_000, DECIDED), Limit("days", None, 2, DECIDED)]
    assert approvals_needed([Amount(10_000, "EUR")], some) == 1
    assert approvals_needed([Amount(10_001, "EUR")], some) == 2
    assert approvals_needed([Amount(10_001, "USD")], some) == 1
    assert approvals_needed([Amount(100, "EUR"), Amount(3)], some) == 2
    assert approvals_needed([], some) == 1


async def test_a_delegate_acts_from_the_start_up_to_the_end(connection: Any) -> None:
    _, stand_in, _ = await company(connection)
    ids = await decided(connection)
    start, end = DECIDED + days(1), DECIDED + days(3)
    await delegate(connection, HR2, stand_in, start, end, now=DECIDED)
    for now in (DECIDED, end, end + days(1)):
        assert await may_act_for(connection, stand_in, now) == []
        with pytest.raises(Refused, match="may not act"):
            await approve(connection, ids[CASH], by=stand_in, for_person=HR2, now=now)
    view = await approve(connection, ids[CASH], by=stand_in, for_person=HR2, now=start)
    assert (view.approvals[0].by, view.approvals[0].for_person) == (stand_in, HR2)


async def test_a_delegate_is_never_proposer_winner_or_a_second_voice_of_the_same(
    connection: Any,
) -> None:
    hr3, stand_in, _ = await company(connection)
    await set_limit(connection, kind="cash", currency="EUR", units=0, by=HR, now=DECIDED)
    ids = await decided(connection)
    until = DECIDED + days(9)
    for giver, taker in ((HR, stand_in), (HR2, HR), (HR2, ANA), (HR2, hr3), (hr3, stand_in)):
        await delegate(connection, giver, taker, DECIDED, until, now=DECIDED)
    award_id = ids[CASH]
    with pytest.raises(Refused, match="published this contest"):
        await approve(connection, award_id, by=stand_in, for_person=HR, now=DECIDED)
    with pytest.raises(Refused, match="proposes"):
        await approve(connection, award_id, by=HR, for_person=HR2, now=DECIDED)
    with pytest.raises(Refused, match="of their own"):
        await approve(connection, award_id, by=ANA, for_person=HR2, now=DECIDED)
    await approve(connection, award_id, by=hr3, now=DECIDED)
    with pytest.raises(Refused, match="two different people"):
        await approve(connection, award_id, by=hr3, for_person=HR2, now=DECIDED)
    with pytest.raises(Refused, match="two different people"):
        await approve(connection, award_id, by=stand_in, for_person=hr3, now=DECIDED)
    assert (await approve(connection, award_id, by=HR2, now=DECIDED)).state is AwardState.APPROVED


async def test_nobody_is_acted_for_who_lost_the_role_won_or_ended_it(connection: Any) -> None:
    hr3, stand_in, _ = await company(connection)
    await give_role(connection, ANA, "hr")
    ids = await decided(connection)
    until = DECIDED + days(9)
    await delegate(connection, ANA, stand_in, DECIDED, until, now=DECIDED)
    await delegate(connection, hr3, stand_in, DECIDED, until, now=DECIDED)
    own = await delegate(connection, HR2, stand_in, DECIDED, until, now=DECIDED)
    with pytest.raises(Refused, match="person you act for"):
        await approve(connection, ids[CASH], by=stand_in, for_person=ANA, now=DECIDED)
    await give_role(connection, hr3, "hr", granted=False)
    await end_delegation(connection, own, by=stand_in, now=DECIDED)
    await end_delegation(connection, own, by=HR2, now=DECIDED)
    for giver in (hr3, HR2):
        with pytest.raises(Refused, match="may not act"):
            await approve(connection, ids[CASH], by=stand_in, for_person=giver, now=DECIDED)
    assert await may_act_for(connection, stand_in, DECIDED) == [ANA]


async def test_delegations_are_asked_for_in_words(connection: Any) -> None:
    hr3, stand_in, stranger = await company(connection)
    later = DECIDED + days(1)
    for giver, taker, start, end, word in (
        (stranger, stand_in, DECIDED, later, "role HR"),
        (HR2, HR2, DECIDED, later, "somebody else"),
        (HR2, stand_in, later, DECIDED, "before the first"),
        (HR2, stand_in, DECIDED - days(2), DECIDED - days(1), "over already"),
    ):
        with pytest.raises(Refused, match=word):
            await delegate(connection, giver, taker, start, end, now=DECIDED)
    made = await delegate(connection, HR2, stand_in, DECIDED, later, now=DECIDED)
    assert await delegate(connection, HR2, stand_in, DECIDED, later, now=DECIDED) == made
    with pytest.raises(Refused, match="two people"):
        await end_delegation(connection, made, by=hr3, now=DECIDED)


async def test_only_awards_whose_evidence_was_opened_are_approved_together(connection: Any) -> None:
    await company(connection)
    ids = await decided(connection)
    contest_id = (await award(connection, ids[0])).contest_id
    for which in (CASH, VACATION):
        await open_evidence(connection, ids[which], by=HR2, now=DECIDED)
        await open_evidence(connection, ids[which], by=HR2, now=DECIDED)
    await open_evidence(connection, ids[CHOICE], by=HR, now=DECIDED)
    done = await approve_all(connection, contest_id, by=HR2, now=DECIDED)
    assert done.approved == (ids[CASH], ids[VACATION])
    assert [id for id, _ in done.not_approved] == [ids[CHOICE], ids[PRAISE]]
    assert (
        await connection.fetchval("select count(*) from award_event where kind = 'evidence_opened'")
        == 3
    )
    assert (await approve_all(connection, contest_id, by=HR2, now=DECIDED)).approved == ()


async def test_refusing_needs_a_reason_and_gives_everything_back(connection: Any) -> None:
    await company(connection)
    ids = await decided(connection)
    for nothing in ("", "  \n "):
        with pytest.raises(Refused) as refused:
            await refuse(connection, ids[CHOICE], by=HR2, reason=nothing, now=DECIDED)
        assert refused.value.field == "reason"
    before = (await balances(connection))[EUROS].reserved
    for _ in range(2):
        await refuse(connection, ids[CHOICE], by=HR2, reason="Bought answers", now=DECIDED)
    assert (await balances(connection))[EUROS].reserved == before - 5_000
    with pytest.raises(Refused, match="refused meanwhile"):
        await approve(connection, ids[CHOICE], by=HR2, now=DECIDED)
    assert await steps(connection, ids[CHOICE]) == ["proposed", "refused"]
    assert await told(connection, "award_won") == []
    await agrees(connection)


async def test_two_approvers_at_once_and_double_clicks_do_no_harm(
    connection: Any, database_url: str
) -> None:
    hr3, _, _ = await company(connection)
    ids = await decided(connection)
    others = [await asyncpg.connect(database_url) for _ in range(4)]
    try:
        await asyncio.gather(
            *(
                approve(other, ids[CASH], by=by, now=DECIDED)
                for other, by in zip(others, (HR2, hr3, HR2, hr3), strict=True)
            )
        )
    finally:
        for other in others:
            await other.close()
    assert await steps(connection, ids[CASH]) == ["proposed", "approved", "told"]
    await agrees(connection)


async def test_approving_and_refusing_at_once_leave_one_of_the_two(
    connection: Any, database_url: str
) -> None:
    hr3, _, _ = await company(connection)
    ids = await decided(connection)
    other = await asyncpg.connect(database_url)
    try:
        for award_id in ids:
            await asyncio.gather(
                approve(connection, award_id, by=HR2, now=DECIDED),
                refuse(other, award_id, by=hr3, reason="Not so fast", now=DECIDED),
                return_exceptions=True,
            )
            assert (await award(connection, award_id)).state in ("approved", "refused")
            await agrees(connection)
    finally:
        await other.close()
