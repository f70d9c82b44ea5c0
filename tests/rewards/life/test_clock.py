"""The clock: every step once and whole, however late, by however many, wherever they are killed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rewards.announcements import announce_quietly
from rewards.awards import accept, approve, decline, open_evidence
from rewards.contests.reading import contest as read_contest
from rewards.contests.refreshing import refresh
from rewards.contests.ticking import tick
from rewards.contests.verifying import verify_contest
from tests.rewards.life.world import (
    END,
    FIRST,
    HR,
    HR2,
    SMALL_AND_LARGE,
    START,
    answers,
    charter,
    decided,
    first,
    followers,
    found,
    notices,
    published,
    tell,
    wins,
)
from tests.scoring.test_once import Killed, Mortal

A1, A2 = FIRST, FIRST + 1
SLUG = "conversation-starters"
SETTLED = END + timedelta(days=3, minutes=1)
MOMENTS = (START, START + timedelta(hours=3), END - timedelta(hours=2), END, SETTLED)


async def kinds(connection: Any, contest: int) -> list[str]:
    rows = await connection.fetch(
        "select kind from contest_event where contest_id = $1 order by id", contest
    )
    return [row["kind"] for row in rows]


async def _until_done(connection: Any, now: datetime) -> int:
    """Tick and refresh, killed before ever later statements, until all is done; the kills."""
    kills = 0
    for statements in range(0, 4000, 3):
        try:
            mortal = Mortal(connection, statements)
            await tick(mortal, now)
            while (await refresh(mortal, now)).people:
                pass
            return kills
        except Killed:
            kills += 1
    raise AssertionError("it was never done")


async def test_a_whole_life_killed_between_any_two_statements_ends_as_one_that_was_not(
    connection: Any,
) -> None:
    people = await found(connection)
    await tell(connection, followers("a2", 9_000, START - timedelta(days=2)))
    contest = await published(
        connection,
        charter(entering="default", freeze_hours=3, brackets=SMALL_AND_LARGE,
                prizes=(first(last=2),)),
    )  # fmt: skip
    kills = 0
    for number, now in enumerate(MOMENTS):
        if START < now < END:
            facts = [*answers("a1", 2, now, since=number * 9), *answers("a2", 1, now, since=number)]
            await tell(connection, *facts, received_at=now)
        kills += await _until_done(connection, now)
    assert kills > 50
    assert await kinds(connection, contest) == [
        "published", "started", "frozen", "settled", "decided",
    ]  # fmt: skip
    assert await wins(connection, contest) == [(1, 1, A1, 10_000), (1, 1, A2, 10_000)]
    assert await notices(connection, "contest_entered_by_default") == people
    assert await connection.fetchval("select count(*) from placement") == len(people)
    assert await verify_contest(connection, SLUG) == []


async def test_what_was_missed_while_nobody_ticked_happens_in_its_order(connection: Any) -> None:
    await found(connection)
    await tell(connection, followers("a1", 100, START - timedelta(days=1)),
               followers("a1", 9_000, START + timedelta(days=1)))  # fmt: skip
    contest = await published(
        connection, charter(entering="default", freeze_hours=3, brackets=SMALL_AND_LARGE)
    )
    await tell(connection, *answers("a1", 2, START))
    await tick(connection, SETTLED + timedelta(days=2))
    assert (await kinds(connection, contest))[:5] == [
        "published", "started", "frozen", "settled", "decided",
    ]  # fmt: skip
    bracket = await connection.fetchval("select bracket from placement where person_id = $1", A1)
    assert bracket == 0  # the audience of the start, not of the day the clock came back
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]


async def test_the_clock_announces_when_the_winners_have_answered_and_closes_when_all_is_done(
    connection: Any,
) -> None:
    people = await found(connection)
    contest = await published(connection, charter(entering="default"))
    await tell(connection, *answers("a1", 2, START))
    await decided(connection)
    await tick(connection, SETTLED)
    assert "announced" not in await kinds(connection, contest)
    award = await connection.fetchval("select id from award")
    await open_evidence(connection, award, by=HR2, now=SETTLED)
    await approve(connection, award, by=HR2, now=SETTLED)
    await tick(connection, SETTLED)
    assert await notices(connection, "contest_decided") == []
    await decline(connection, award, by=A1, now=SETTLED)
    await tick(connection, SETTLED)
    assert (await kinds(connection, contest))[-2:] == ["announced", "closed"]
    assert await notices(connection, "contest_decided") == people
    assert (await read_contest(connection, SLUG, now=SETTLED)).stage == "closed"


async def test_what_is_announced_is_closed_when_all_is_paid_and_not_before(connection: Any) -> None:
    await found(connection)
    contest = await published(connection, charter(entering="default"))
    await tell(connection, *answers("a1", 2, START))
    await decided(connection)
    award = await connection.fetchval("select id from award")
    await open_evidence(connection, award, by=HR2, now=SETTLED)
    await approve(connection, award, by=HR2, now=SETTLED)
    await announce_quietly(connection, contest, by=HR, line="Well done", now=SETTLED)
    await accept(connection, award, by=A1, now=SETTLED)
    await tick(connection, SETTLED)
    assert "closed" not in await kinds(connection, contest)  # it is still to be paid


async def test_a_contest_that_cannot_go_on_keeps_no_other_from_its_winners(
    connection: Any,
) -> None:
    await found(connection)
    # Counted by a rulebook, and it has none.
    stuck = await published(connection, charter(name="Stuck", metric="points", entering="default"))
    contest = await published(connection, charter(entering="default"))
    await tell(connection, *answers("a1", 2, START))
    failed_to_count: set[int] = set()
    for now in MOMENTS:
        failed = (await tick(connection, now)).failed
        while (done := await refresh(connection, now)).people:
            failed_to_count |= set(done.failed)
    assert set(failed) == failed_to_count == {stuck}
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]
