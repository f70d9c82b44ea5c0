"""Who answers a case that a contest waits for, and who is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rewards import Refused, answer_case, contests_in_the_way, notices
from rewards.contests.entering import enter
from rewards.contests.ticking import tick
from scoring import open_case, score
from scoring.cases.context import MOST_SHOWN
from tests.rewards.life.world import (
    END,
    FIRST,
    HR,
    HR2,
    NOW,
    START,
    answers,
    found,
    fresh,
    id_of,
    published,
    tell,
)

A1, A2, A3 = FIRST, FIRST + 1, FIRST + 2
HOUR = timedelta(hours=1)
ZONE = ZoneInfo("Europe/Berlin")
SETTLED = END + timedelta(days=3, minutes=1)


async def waiting(connection: Any) -> int:
    """A contest that waits for a case about what A1 was answered; A1 and A2 are in, A3 is not."""
    await found(connection)
    contest = await published(connection)
    for person in (A1, A2):
        await enter(connection, contest, person, now=NOW)
    await tick(connection, START)
    facts = answers("a1", 5, START)
    await tell(connection, *facts, *answers("a2", 1, START, since=50))
    case = await open_case(
        connection, kind="closed_circles", person_id=None, reason="a circle",
        evidence={"key": "k"}, hold=[id_of(fact) for fact in facts], now=START + timedelta(hours=1),
    )  # fmt: skip
    await scored(connection, END)
    await fresh(connection, END)
    for now in (END, SETTLED):
        await tick(connection, now)
    assert await connection.fetchval(
        "select waits_for from contest_look where what = 'review'"
    ) == [case]
    return case


async def scored(connection: Any, now: datetime) -> None:
    """Let the workers do all there is."""
    while (await score(connection, now=now, zone=ZONE)).changes:
        pass


async def answered(connection: Any, case: int, by: int, **more: Any) -> None:
    await answer_case(
        connection, case, by=by, answer=more.pop("answer", "released"), reason="They are a club.",
        now=SETTLED, zone=ZONE, **more,
    )  # fmt: skip


async def test_who_proposed_or_entered_a_contest_does_not_answer_what_it_waits_for(
    connection: Any,
) -> None:
    case = await waiting(connection)
    for who in (HR, A1, A2):  # who published it; whom it is about; who would come first without
        with pytest.raises(Refused):
            await answered(connection, case, who)
    assert await contests_in_the_way(connection, [case, case + 1], A2) != {}
    assert await contests_in_the_way(connection, [case], A3) == {}
    assert await connection.fetchval("select count(*) from case_decision") == 0
    await answered(connection, case, HR2)
    assert await connection.fetchval("select outcome from case_decision") == "released"


async def test_whom_it_is_about_is_told_once_and_nobody_else(connection: Any) -> None:
    case = await waiting(connection)
    for _ in range(2):
        await answered(connection, case, HR2)
    (told,) = [one for one in await notices(connection, A1) if one.kind == "case_answered"]
    assert told.words.endswith("It counts, at its original time.")
    assert told.link == "/me/cases"
    for other in (A2, A3, HR, HR2):
        assert not [one for one in await notices(connection, other) if one.kind == "case_answered"]


async def test_everybody_of_whom_a_case_holds_something_is_told_however_much_it_holds(
    connection: Any,
) -> None:
    await found(connection)
    mine, theirs = answers("a1", 1, START), answers("a2", MOST_SHOWN, START + HOUR, since=100)
    await tell(connection, *mine, *theirs)
    case = await open_case(
        connection, kind="closed_circles", person_id=None, reason="a circle",
        evidence={"key": "k"}, hold=[id_of(fact) for fact in (*mine, *theirs)], now=START,
    )  # fmt: skip
    await answered(connection, case, HR2)
    for one in (A1, A2):
        assert [n for n in await notices(connection, one) if n.kind == "case_answered"]


async def test_a_released_case_lets_the_contest_be_decided_with_what_it_held(
    connection: Any,
) -> None:
    case = await waiting(connection)
    await answered(connection, case, HR2)
    await fresh(connection, SETTLED)
    await tick(connection, SETTLED + timedelta(minutes=11))
    assert await connection.fetchval("select count(*) from decision") == 1
    winner = await connection.fetchval("select person_id from award order by id limit 1")
    assert winner == A1
