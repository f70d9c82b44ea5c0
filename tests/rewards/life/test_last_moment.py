"""What happens in the last moments before a contest is decided: it counts whole, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rewards.contests.deciding import settle
from rewards.contests.entering import enter, leave_contest
from rewards.contests.ticking import tick
from rewards.contests.verifying import verify_contest
from scoring.facts import Delivery, Engagement, Post, Telling
from scoring.facts import Kind as Deed
from scoring.store import Told, store
from tests.rewards.life.world import (
    END,
    FIRST,
    NOW,
    START,
    TAG,
    answers,
    become,
    count,
    decide_case,
    decided,
    found,
    hold,
    join,
    published,
    tell,
    wins,
)

A1, A2 = FIRST, FIRST + 1
SLUG = "conversation-starters"
SETTLED = END + timedelta(hours=72, minutes=1)
SECOND = timedelta(seconds=1)


async def running(connection: Any) -> int:
    """A contest that a1 leads with three answers before a2 with two."""
    await found(connection)
    contest = await published(connection)
    for person in (A1, A2):
        await enter(connection, contest, person, now=NOW)
    await tell(connection, *answers("a1", 3, START), *answers("a2", 2, START))
    return contest


async def whole(connection: Any, now: datetime) -> None:
    assert not (await tick(connection, now)).failed


async def test_who_leaves_while_the_clock_is_on_its_way_wins_nothing(connection: Any) -> None:
    contest = await running(connection)
    await decided(connection, END)
    # The clock took its time at SETTLED and was busy with other contests until then.
    await leave_contest(connection, contest, A1, now=SETTLED + 2 * SECOND)
    await settle(connection, contest, SETTLED)
    assert await wins(connection, contest) == [(1, 1, A2, 10_000)]
    assert await verify_contest(connection, SLUG) == []


async def test_a_hold_that_commits_a_moment_after_the_decision_changes_nothing_of_it(
    connection: Any,
) -> None:
    contest = await running(connection)
    await decided(connection)
    for fact in answers("a1", 3, START):
        await hold(connection, fact, SETTLED - SECOND)
    await become(connection, A1, "left", SETTLED - SECOND)
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]
    assert await verify_contest(connection, SLUG) == []


async def test_what_was_released_or_who_left_a_moment_ago_is_waited_for(connection: Any) -> None:
    contest = await running(connection)
    facts = answers("a1", 3, START)
    cases = [await hold(connection, fact, START + timedelta(hours=1)) for fact in facts]
    await decided(connection)
    assert await wins(connection, contest) == []
    later = SETTLED + timedelta(minutes=20)
    for case, fact in zip(cases, facts, strict=True):
        await decide_case(connection, case, fact, release=True, at=later)
    await whole(connection, later + SECOND)
    assert await wins(connection, contest) == []
    await whole(connection, later + 6 * SECOND)
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]
    assert await verify_contest(connection, SLUG) == []


async def test_a_company_where_somebody_comes_every_second_has_its_winners_all_the_same(
    connection: Any,
) -> None:
    contest = await running(connection)
    await decided(connection, END)
    newcomer = await join(connection, "somebody")
    await connection.execute(
        """insert into enrolment (person_id, effective_at, state, recorded_at)
           select $1, at, 'active', at from generate_series($2::timestamptz, $3, '4 seconds') at""",
        newcomer,
        SETTLED,
        SETTLED + timedelta(hours=1, minutes=1),
    )
    await whole(connection, SETTLED + timedelta(hours=1, minutes=1))
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]


async def test_a_deed_whose_target_a_worker_has_still_to_find_is_waited_for(
    connection: Any,
) -> None:
    contest = await running(connection)
    await decided(connection, END)
    at = START + timedelta(hours=2)
    facts = [
        Post("p:odd", "a2", at),
        Engagement(Deed.RESHARE, "odd", "a1", None, post="p:odd", occurred_at=at),
    ]
    for number, fact in enumerate(facts):
        delivery = Delivery(10_000 + number, "standard", "webhook", {}, b"", END)
        async with connection.transaction():
            await store(
                connection, [Told(delivery, Telling.of([fact]))], now=END, disclosure_tag=TAG
            )
    await whole(connection, SETTLED)
    assert await wins(connection, contest) == []
    # What comes later and what is about people is not waited for.
    await become(connection, FIRST + 3, "paused", SETTLED)
    await whole(connection, SETTLED + 6 * SECOND)
    assert await wins(connection, contest) == []
    await count(connection, SETTLED)
    await connection.execute(
        "insert into change (subject, subject_id) values ('native', gen_random_uuid())"
    )
    await whole(connection, SETTLED + 10 * SECOND)
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]
    assert await verify_contest(connection, SLUG) == []
