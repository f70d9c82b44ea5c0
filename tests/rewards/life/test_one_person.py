"""Two records that turn out to be one person: one entrant, decisions that stay, an award once theirs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from rewards.awards import AwardState, approve, awards, recover, set_limit
from rewards.awards.own import is_own
from rewards.awards.wallet import wallet
from rewards.contests.entering import enter
from rewards.contests.entrants import entered
from rewards.contests.joining import one_entrant
from rewards.contests.people import open_to, open_to_one
from rewards.contests.record import read
from rewards.contests.ticking import tick
from rewards.contests.verifying import verify_contest
from rewards.refusal import Refused
from scoring.one_person import same_person
from tests.rewards.awards.scene import give_role
from tests.rewards.life.world import (
    ADMIN,
    END,
    FIRST,
    HR,
    HR2,
    NOW,
    START,
    answers,
    charter,
    count,
    decided,
    first,
    found,
    own,
    published,
    tell,
    wins,
)

A1, A2, A3 = FIRST, FIRST + 1, FIRST + 2
SLUG = "conversation-starters"
AFTER = END + timedelta(days=4)


async def join(connection: Any, record: int, into: int, now: datetime) -> None:
    async with connection.transaction():
        await same_person(connection, record, into, by=ADMIN, reason="imported twice", now=now)
        await one_entrant(connection, record, into, now=now)
    await count(connection, now)


async def test_who_entered_under_both_records_is_one_entrant_with_what_both_reached(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection, charter(prizes=(first(last=2),)))
    for person in (A1, A2, A3):
        await enter(connection, contest, person, now=NOW)
    await tick(connection, START)
    await tell(connection, *answers("a1", 4, START), *answers("a2", 4, START, since=2))
    await tell(connection, *answers("a3", 5, START))
    await join(connection, A2, A1, START + timedelta(days=1))
    await decided(connection)
    # Six different people answered the two records: two of them answered both.
    assert [(place, person) for _, place, person, _ in await wins(connection, contest)] == [
        (1, A1), (2, A3),
    ]  # fmt: skip
    assert await entered(connection, contest) == [A1, A3]
    assert await verify_contest(connection, SLUG) == []


async def test_who_entered_under_the_other_record_alone_stays_in(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    await enter(connection, contest, A2, now=NOW)
    await tick(connection, START)
    await tell(connection, *answers("a2", 4, START))
    await join(connection, A2, A1, START + timedelta(days=1))
    await decided(connection)
    assert [person for _, _, person, _ in await wins(connection, contest)] == [A1]
    assert await verify_contest(connection, SLUG) == []


async def test_a_decided_contest_keeps_its_result_and_can_still_be_checked(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    for person in (A1, A2):
        await enter(connection, contest, person, now=NOW)
    await tell(connection, *answers("a1", 3, START), *answers("a2", 5, START))
    await decided(connection)
    before = await wins(connection, contest)
    assert [person for _, _, person, _ in before] == [A2]
    await join(connection, A2, A1, AFTER)
    await tick(connection, AFTER)
    assert await wins(connection, contest) == before
    assert await verify_contest(connection, SLUG) == []


async def test_an_award_of_the_other_record_is_theirs_once_and_never_theirs_to_approve(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)
    await enter(connection, contest, A2, now=NOW)
    await tell(connection, *answers("a2", 5, START))
    await decided(connection)
    await own(connection, "standard", "hr2", HR2, NOW)  # HR2 is A2's person, it turns out
    await join(connection, A2, HR2, AFTER)
    won = await awards(connection, contest_id=contest)
    assert [view.person_id for view in won] == [A2]
    assert await is_own(connection, won[0], HR2)
    with pytest.raises(Refused, match="award of their own"):
        await approve(connection, won[0].id, by=HR2, now=AFTER)
    with pytest.raises(Refused, match="award of their own"):
        await recover(connection, won[0].id, 1, by=HR2, reason="why", now=AFTER)
    mine = await wallet(connection, HR2, AFTER)
    theirs = await wallet(connection, A2, AFTER)
    assert [view.id for view in mine.awards] == [view.id for view in theirs.awards]


async def test_who_published_a_contest_under_another_record_is_none_of_its_entrants(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)  # by HR, who turns out to be A1
    for person in (A1, A2):
        await enter(connection, contest, person, now=NOW)
    await tick(connection, START)
    await tell(connection, *answers("a1", 5, START), *answers("a2", 3, START))
    await join(connection, HR, A1, START + timedelta(days=1))
    assert await entered(connection, contest) == [A2]
    later = START + timedelta(days=2)
    with pytest.raises(Refused, match="You published this contest"):
        await enter(connection, contest, A1, now=later)
    terms = (await read(connection, contest)).charter
    assert A1 not in await open_to(connection, terms, at=later)
    assert await open_to_one(connection, [terms], A1, at=later) == frozenset()
    await decided(connection)
    assert [person for _, _, person, _ in await wins(connection, contest)] == [A2]
    assert await verify_contest(connection, SLUG) == []


async def test_who_proposed_or_approved_under_another_record_approves_nothing_a_second_time(
    connection: Any,
) -> None:
    await found(connection)
    # Two people approve anything.
    await set_limit(connection, kind="cash", currency="EUR", units=0, by=HR, now=NOW)
    contest = await published(connection)
    await enter(connection, contest, A1, now=NOW)
    await tell(connection, *answers("a1", 5, START))
    await decided(connection)
    [won] = await awards(connection, contest_id=contest)
    for person in (A2, A3):
        await give_role(connection, person, "hr")
    await approve(connection, won.id, by=HR2, now=AFTER)
    await join(connection, HR, A2, AFTER)  # who proposed it
    await join(connection, HR2, A3, AFTER)  # who approved it
    with pytest.raises(Refused, match="somebody else decides"):
        await approve(connection, won.id, by=A2, now=AFTER)
    view = await approve(connection, won.id, by=A3, now=AFTER)
    assert view.state is AwardState.PROPOSED
    assert len(view.approvals) == 1
