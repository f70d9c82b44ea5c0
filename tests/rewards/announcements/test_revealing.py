"""A reveal under way and its end: steps, the end once and whole, corrections, the clock's own way."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from rewards.announcements import (
    FORGOTTEN,
    announce_quietly,
    announcement,
    announcements,
    call_off,
    correct,
    finish_due,
    length,
    newest_correction,
    on_now,
    take_step,
)
from rewards.announcements.timetable import lasts
from rewards.contests.ticking import tick
from rewards.refusal import Refused
from tests.rewards.announcements.scene import (
    A1,
    LEADER,
    NOW,
    SETTLED,
    approve_all,
    company,
    contest,
    happened,
    planned,
)
from tests.rewards.awards.scene import give_role
from tests.rewards.life.world import HR, notices
from tests.scoring.test_once import Killed, Mortal

SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)


MINUTE = timedelta(minutes=1)


async def tap(
    connection: Any, id: int, to: int, at: datetime = NOW, by: int = LEADER
) -> int | None:
    """The step after a tap."""
    return (await take_step(connection, id, to=to, by=by, now=at)).position(at).step


async def outgoing(connection: Any) -> list[Any]:
    rows = await connection.fetch(
        "select data from outgoing_event where type = 'contest.announced' order by recorded_at"
    )
    return [msgspec.json.decode(row["data"]) for row in rows]


async def test_a_tap_goes_one_step_on_or_back_and_a_doubled_one_changes_nothing(
    connection: Any,
) -> None:
    await company(connection)
    one = await planned(connection, await contest(connection), manner="stepped")
    assert [await tap(connection, one.id, to) for to in (1, 1, 2, 1, 1)] == [1, 1, 2, 1, 1]
    for nowhere in (5, -1, -(10**9), 10**9):
        assert await tap(connection, one.id, nowhere) == 1
    assert await tap(connection, one.id, 0) == 0
    assert await tap(connection, one.id, -1) == 0
    taps = await connection.fetchval("select count(*) from audit where action like '%_stepped'")
    assert taps == 4


async def test_two_phones_that_tap_at_once_go_one_step_on(
    connection: Any, database_url: str
) -> None:
    await company(connection)
    one = await planned(connection, await contest(connection), manner="stepped")
    phones = [await asyncpg.connect(database_url) for _ in range(4)]
    steps = await asyncio.gather(*(tap(phone, one.id, 1) for phone in phones))
    for phone in phones:
        await phone.close()
    assert steps == [1, 1, 1, 1]
    assert len((await announcement(connection, one.id)).events) == 1


async def test_only_a_stepped_reveal_that_has_begun_takes_steps_and_only_from_who_may(
    connection: Any,
) -> None:
    await company(connection)
    timed = await planned(connection, await contest(connection))
    with pytest.raises(Refused, match="goes on by itself"):
        await tap(connection, timed.id, 1)
    other = await contest(connection, name="Another")
    begins = NOW + timedelta(hours=1)
    stepped = await planned(connection, other, manner="stepped", starts_at=begins)
    with pytest.raises(Refused, match="not begun"):
        await tap(connection, stepped.id, 1)
    with pytest.raises(Refused, match="announce winners"):
        await tap(connection, stepped.id, 1, begins, by=A1)
    await call_off(connection, stepped.id, by=LEADER, now=begins)
    with pytest.raises(Refused, match="called off"):
        await tap(connection, stepped.id, 1, begins)


async def test_past_the_last_step_it_is_finished_and_everybody_may_read_who_won(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection)
    one = await planned(connection, won, manner="stepped")
    last = len(one.plan.steps)
    for to in range(1, last):
        assert await tap(connection, one.id, to) == to
    assert "announced" not in await happened(connection, won)
    for _ in range(2):
        assert await tap(connection, one.id, last) is None
    done = await announcement(connection, one.id)
    assert done.finished_at == NOW
    assert (await happened(connection, won)).count("announced") == 1
    with pytest.raises(Refused, match="It is over"):
        await call_off(connection, one.id, by=LEADER, now=NOW)


async def test_a_stepped_reveal_can_be_stopped_in_the_middle_and_nobody_is_told(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection)
    before = await happened(connection, won)
    one = await planned(connection, won, manner="stepped")
    await tap(connection, one.id, 1)
    await call_off(connection, one.id, by=LEADER, now=NOW)
    assert await finish_due(connection, NOW + WEEK) == []
    assert await happened(connection, won) == before
    assert (await planned(connection, won)).position(NOW).step == 0


async def test_while_it_goes_on_nobody_reads_the_end_and_over_it_is_finished_once(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection)
    one = await planned(connection, won, line="Thank you")
    over = NOW + length(one.plan)
    assert await finish_due(connection, over - SECOND) == []
    assert "announced" not in await happened(connection, won)
    assert await finish_due(connection, over) == [won]
    assert await finish_due(connection, over + SECOND) == []
    detail = await connection.fetchval("select detail from contest_event where kind = 'announced'")
    assert msgspec.json.decode(detail) == {"line": "Thank you", "announcement": one.id}
    assert await notices(connection, "contest_decided") == [A1, A1 + 1, A1 + 2, A1 + 3]
    slug = "conversation-starters"
    assert await outgoing(connection) == [
        {"contest_id": won, "slug": slug, "announcement_id": one.id}
    ]
    assert await on_now(connection, over) is None
    assert [found.id for found in await announcements(connection, finished=True)] == [one.id]


async def test_a_reveal_whose_phone_went_out_is_finished_half_an_hour_later(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection)
    one = await planned(connection, won, manner="stepped")
    await tap(connection, one.id, 1, NOW + SECOND)
    assert await finish_due(connection, NOW + FORGOTTEN) == []
    assert await finish_due(connection, NOW + SECOND + FORGOTTEN) == [won]


async def test_the_end_is_whole_wherever_a_worker_is_killed_and_however_many_try(
    connection: Any, database_url: str
) -> None:
    await company(connection)
    won = await contest(connection)
    over = NOW + length((await planned(connection, won)).plan)
    kills = 0
    while True:
        try:
            await finish_due(Mortal(connection, kills), over)
            break
        except Killed:
            kills += 1
            told = "announced" in await happened(connection, won)
            assert told == bool(await notices(connection, "contest_decided"))
            assert told == bool(await outgoing(connection))
            assert told == bool(await announcements(connection, finished=True))
    assert kills > 8
    workers = [await asyncpg.connect(database_url) for _ in range(3)]
    await asyncio.gather(*(finish_due(worker, over) for worker in workers))
    for worker in workers:
        await worker.close()
    assert (await happened(connection, won)).count("announced") == 1
    assert len(await outgoing(connection)) == 1


async def test_of_many_workers_one_finishes_it(connection: Any, database_url: str) -> None:
    await company(connection)
    won = await contest(connection)
    over = NOW + length((await planned(connection, won)).plan)
    workers = [await asyncpg.connect(database_url) for _ in range(4)]
    done = await asyncio.gather(*(finish_due(worker, over) for worker in workers))
    for worker in workers:
        await worker.close()
    assert sorted(done) == [[], [], [], [won]]
    assert len(await outgoing(connection)) == 1


async def test_a_correction_is_said_after_the_end_only_and_a_double_click_says_it_once(
    connection: Any,
) -> None:
    await company(connection)
    one = await planned(connection, await contest(connection))
    over = NOW + length(one.plan)
    words = "The second place is Tomas’s, not Ana’s. We are sorry."
    with pytest.raises(Refused, match="to the end"):
        await correct(connection, one.id, by=LEADER, words=words, now=NOW)
    await finish_due(connection, over)
    for wrong in ("", " \n\t\x00", "x" * 301):
        with pytest.raises(Refused) as why:
            await correct(connection, one.id, by=LEADER, words=wrong, now=over)
        assert why.value.field == "words"
    with pytest.raises(Refused, match="announce winners"):
        await correct(connection, one.id, by=A1, words=words, now=over)
    await correct(connection, one.id, by=HR, words=f" {words}\n", now=over)
    done = await correct(connection, one.id, by=HR, words=words, now=over)
    assert [event.words for event in done.corrections] == [words]
    newest = await newest_correction(connection, over - timedelta(minutes=1))
    assert newest is not None
    assert (newest[0].id, newest[1].words) == (one.id, words)
    assert await newest_correction(connection, over + SECOND) is None


async def test_announced_quietly_it_is_over_at_once_and_no_screen_shows_it(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection)
    with pytest.raises(Refused, match="announce winners"):
        await announce_quietly(connection, won, by=A1, line="", now=NOW)
    for _ in range(2):
        done = await announce_quietly(connection, won, by=LEADER, line="Thanks", now=NOW)
        assert (done.finished_at, done.line) == (NOW, "Thanks")
    assert await on_now(connection, NOW) is None
    assert (await happened(connection, won)).count("announced") == 1
    assert len(await outgoing(connection)) == 1
    waiting = await contest(connection, name="Waiting", approved=False)
    with pytest.raises(Refused, match="wait for approval"):
        await announce_quietly(connection, waiting, by=LEADER, line="", now=NOW)


async def test_the_clock_leaves_it_to_a_leader_for_a_week_and_is_quiet_then(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection, tell_privately=False)
    await tick(connection, SETTLED + WEEK - SECOND)
    assert await announcements(connection) == []
    await tick(connection, SETTLED + WEEK)
    [done] = await announcements(connection)
    assert (done.person_id, done.finished_at) == (None, SETTLED + WEEK)
    assert (await happened(connection, won))[-1] == "announced"


async def test_the_clock_waits_for_no_leader_where_there_is_none(connection: Any) -> None:
    await company(connection)
    await give_role(connection, LEADER, "leader", granted=False)
    won = await contest(connection, tell_privately=False)
    await tick(connection, SETTLED)
    assert (await happened(connection, won))[-1] == "announced"


async def test_the_clock_waits_until_every_award_is_approved_and_for_what_is_planned(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection, tell_privately=False, approved=False)
    await tick(connection, SETTLED + 3 * WEEK)
    assert "announced" not in await happened(connection, won)
    await approve_all(connection, won, SETTLED + 3 * WEEK)
    await tick(connection, SETTLED + 3 * WEEK + SECOND)
    assert "announced" not in await happened(connection, won)  # a week from when it was ready
    one = await planned(
        connection, won, starts_at=SETTLED + 5 * WEEK, now=SETTLED + 3 * WEEK + SECOND
    )
    await tick(connection, SETTLED + 4 * WEEK + SECOND)
    assert "announced" not in await happened(connection, won)
    await call_off(connection, one.id, by=LEADER, now=SETTLED + 4 * WEEK + 2 * SECOND)
    await tick(connection, SETTLED + 4 * WEEK + 3 * SECOND)
    assert (await happened(connection, won))[-1] == "announced"


async def test_the_last_step_ends_by_itself_and_a_late_tap_changes_nothing(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection)
    one = await planned(connection, won, manner="stepped")
    last = len(one.plan.steps) - 1
    for to in range(1, last + 1):
        await tap(connection, one.id, to)
    over = NOW + lasts(one.plan.steps[last])
    assert await tap(connection, one.id, last - 1, over) is None
    assert await finish_due(connection, over) == [won]


async def test_an_announcement_that_cannot_be_finished_keeps_no_other_from_its_end(
    connection: Any,
) -> None:
    await company(connection)
    stuck, won = [await contest(connection, name=name) for name in ("Stuck", "Goes on")]
    first_one = await planned(connection, stuck)
    over = NOW + length(first_one.plan)
    other = await planned(connection, won, now=over)
    await connection.execute("alter table charter disable trigger user")
    await connection.execute("update charter set body = '{}' where contest_id = $1", stuck)
    later, failed = over + length(other.plan), dict[int, str]()
    assert await finish_due(connection, later, failed) == [won]
    assert list(failed) == [stuck]
    with pytest.raises(msgspec.ValidationError):
        await finish_due(connection, later)


async def test_a_reveal_that_a_slower_one_holds_up_begins_at_its_end_and_is_shown_whole(
    connection: Any,
) -> None:
    await company(connection)
    slow, held = [await contest(connection, name=name) for name in ("Slow", "Held up")]
    one = await planned(connection, slow, manner="stepped")
    two = await planned(connection, held, starts_at=NOW + FORGOTTEN)
    late = NOW + FORGOTTEN - SECOND
    await tap(connection, one.id, 1, late)
    # Long after the second would have been over by its own moment the first is still on.
    on = await on_now(connection, late + FORGOTTEN - SECOND)
    assert on is not None
    assert on.id == one.id
    assert await finish_due(connection, late + FORGOTTEN - SECOND) == []
    await take_step(connection, one.id, to=2, by=LEADER, now=late + 20 * MINUTE)
    steps = len(one.plan.steps)
    for to in range(3, steps + 1):
        await take_step(connection, one.id, to=to, by=LEADER, now=late + 20 * MINUTE)
    ended_at = late + 20 * MINUTE
    on = await on_now(connection, ended_at)
    assert on is not None
    assert (on.id, on.begins_at) == (two.id, ended_at)
    assert on.position(ended_at).step == 0
    assert await finish_due(connection, ended_at + length(two.plan) - SECOND) == []
    assert await finish_due(connection, ended_at + length(two.plan)) == [held]


async def test_a_contest_that_nobody_won_is_announced_too_by_a_leader_or_the_clock(
    connection: Any,
) -> None:
    await company(connection)
    by_clock, by_leader = [
        await contest(connection, name=name, least=50) for name in ("One", "Another")
    ]
    one = await planned(connection, by_leader)
    assert [step.kind for step in one.plan.steps] == ["opening", "nobody", "closing"]
    await finish_due(connection, NOW + length(one.plan))
    await tick(connection, SETTLED + WEEK)
    for lost in (by_clock, by_leader):
        assert (await happened(connection, lost)).count("announced") == 1
