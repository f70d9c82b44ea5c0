"""Nobody decides about themselves: who is in a contest, or changed it, and what they can do then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rewards.awards import approve, delegate, open_evidence
from rewards.contests.amending import Change, amend
from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.contests.entering import enter, leave_contest
from rewards.contests.entrants import entered
from rewards.contests.withdrawing import cancel
from rewards.refusal import Refused
from tests.rewards.awards.scene import give_role
from tests.rewards.life.world import (
    END,
    EUROS,
    FIRST,
    HR,
    HR2,
    LONG_AGO,
    NOW,
    START,
    answers,
    become,
    cash,
    charter,
    decided,
    found,
    hire,
    published,
    tell,
)

A1 = FIRST
SECOND = Prize(
    2, PrizeKind.CASH, Among.EACH, (cash(5_000),), first_place=2, last_place=2, budgets=(EUROS,)
)
LATER = Change("Longer, as many were ill.", end_at=END + timedelta(days=1))


async def test_who_is_in_a_contest_neither_amends_nor_cancels_it(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    await become(connection, HR2, "active", LONG_AGO)
    await enter(connection, contest, HR2, now=NOW)
    for change in (
        LATER,
        Change("Another prize.", prizes=(SECOND,)),
        Change("C", contact="me@x.y"),
    ):
        with pytest.raises(Refused, match="somebody else amends it"):
            await amend(connection, contest, change, by=HR2, now=NOW)
    with pytest.raises(Refused, match="somebody else cancels it"):
        await cancel(connection, contest, by=HR2, reason="I am losing", now=START)
    await leave_contest(connection, contest, HR2, now=START)
    await amend(connection, contest, LATER, by=HR2, now=START)
    with pytest.raises(Refused, match="You amended what can be won"):
        await enter(connection, contest, HR2, now=START)


async def test_who_amended_what_can_be_won_is_never_in_by_default(connection: Any) -> None:
    people = await found(connection)
    contest = await published(connection, charter(entering="default"))
    await become(connection, HR2, "active", LONG_AGO)
    await amend(connection, contest, LATER, by=HR2, now=NOW)
    await decided(connection, END + timedelta(days=5))
    assert await entered(connection, contest) == people


async def test_who_amended_the_prizes_approves_none_of_them_nor_does_who_acts_for_them(
    connection: Any,
) -> None:
    await found(connection)
    other, third = await hire(connection, "stand-in"), await hire(connection, "hr3")
    await give_role(connection, third, "hr")
    contest = await published(connection)
    await amend(connection, contest, Change("A second prize.", prizes=(SECOND,)), by=HR2, now=NOW)
    await enter(connection, contest, A1, now=NOW)
    await tell(connection, *answers("a1", 2, START))
    await decided(connection)
    award = await connection.fetchval("select id from award")
    now = END + timedelta(days=4)
    await delegate(connection, HR2, other, now, now + timedelta(days=9), now=now)
    for who, for_person in ((HR, None), (HR2, None), (other, HR2), (third, HR2)):
        with pytest.raises(Refused, match=r"published|amended|may not act"):
            await approve(connection, award, by=who, for_person=for_person, now=now)
    await open_evidence(connection, award, by=third, now=now)
    await approve(connection, award, by=third, now=now)


async def test_who_only_gave_another_contact_may_approve(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    await amend(connection, contest, Change("Ask me.", contact="hr2@x.example"), by=HR2, now=NOW)
    await enter(connection, contest, A1, now=NOW)
    await tell(connection, *answers("a1", 2, START))
    await decided(connection)
    award = await connection.fetchval("select id from award")
    view = await approve(connection, award, by=HR2, now=END + timedelta(days=4))
    assert view.approvals


async def test_the_end_of_a_comparison_with_before_does_not_move(connection: Any) -> None:
    await found(connection)
    contest = await published(connection, charter(metric="improved", rulebook="x"))
    with pytest.raises(Refused, match="compared with") as refused:
        await amend(connection, contest, LATER, by=HR2, now=NOW)
    assert refused.value.field == "end_on"
