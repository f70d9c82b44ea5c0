"""Announcing: once, only what is decided, one at a time, and only by who may."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from rewards.announcements import (
    Announcement,
    NoSuchAnnouncement,
    announcement,
    announcements,
    awards_of_announcement,
    call_off,
    length,
    may_announce,
    on_now,
    prepare,
)
from rewards.awards import accept, decline, refuse
from rewards.refusal import Refused
from tests.rewards.announcements.scene import (
    A1,
    A2,
    LEADER,
    NOW,
    SETTLED,
    approve_all,
    award_of,
    company,
    contest,
    happened,
    planned,
)
from tests.rewards.awards.scene import give_role
from tests.rewards.life.world import HR, HR2, START, charter, published

HOUR = timedelta(hours=1)


async def test_a_leader_or_hr_announces_and_nobody_else_a_role_taken_counts_at_once(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection)
    assert [await may_announce(connection, who) for who in (LEADER, HR, A1)] == [True, True, False]
    with pytest.raises(Refused, match="announce winners"):
        await planned(connection, won, by=A1)
    await give_role(connection, LEADER, "leader", granted=False)
    with pytest.raises(Refused, match="announce winners"):
        await planned(connection, won)
    assert (await planned(connection, won, by=HR)).person_id == HR


async def test_what_is_not_decided_or_not_approved_is_refused_in_a_sentence(
    connection: Any,
) -> None:
    await company(connection)
    running = await published(connection, charter(name="Running"))
    with pytest.raises(Refused, match="“Running” is not decided yet"):
        await planned(connection, running, now=START)
    won = await contest(connection, approved=False)
    with pytest.raises(Refused, match="4 awards wait for approval"):
        await planned(connection, won)
    prepared = await prepare(connection, won, NOW)
    assert (prepared.ready, prepared.awards, prepared.announcement) == (False, [], None)
    assert prepared.why_not is not None


async def test_what_was_cancelled_is_refused(connection: Any) -> None:
    await company(connection)
    lost = await published(connection, charter(name="Lost"))
    await connection.execute(
        """insert into contest_event (contest_id, charter_id, kind, detail, recorded_at)
           select $1, max(id), 'cancelled', '{}', $2 from charter where contest_id = $1""",
        lost, START,
    )  # fmt: skip
    with pytest.raises(Refused, match="was cancelled"):
        await planned(connection, lost)


async def test_preparing_shows_the_awards_in_the_order_in_which_they_are_revealed(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection)
    prepared = await prepare(connection, won, NOW)
    assert prepared.ready
    assert prepared.why_not is None
    assert [(one.kind, one.place) for one in prepared.awards] == [
        ("recognition", 1), ("cash", 3), ("cash", 2), ("cash", 1),
    ]  # fmt: skip
    assert prepared.length_s == length(prepared.plan).total_seconds()
    made = await planned(connection, won)
    assert (await prepare(connection, won, NOW)).announcement == made


async def test_what_was_refused_or_declined_is_in_no_plan(connection: Any) -> None:
    await company(connection)
    won = await contest(connection, approved=False)
    await refuse(connection, await award_of(connection, A2, 2), by=HR2, reason="no", now=SETTLED)
    await approve_all(connection, won)
    await decline(connection, await award_of(connection, A1, 1), by=A1, now=SETTLED)
    places = [one.place for one in (await prepare(connection, won, NOW)).awards]
    assert places == [1, 3]  # the word of thanks, and the third


async def test_announcing_twice_is_one_announcement_and_the_first_answer(connection: Any) -> None:
    await company(connection)
    won = await contest(connection)
    one = await planned(connection, won, line="First")
    again = await planned(connection, won, line="Second", by=HR, starts_at=NOW + HOUR)
    assert again == one
    assert await connection.fetchval("select count(*) from announcement") == 1
    audited = await connection.fetchval(
        "select count(*) from audit where action = 'announcement_planned' and person_id = $1",
        LEADER,
    )
    assert audited == 1


async def test_of_many_who_announce_at_once_all_get_the_first_ones_answer(
    connection: Any, database_url: str
) -> None:
    await company(connection)
    won = await contest(connection)
    others = [await asyncpg.connect(database_url) for _ in range(4)]
    made = await asyncio.gather(
        *(planned(one, won, line=f"line {n}") for n, one in enumerate(others))
    )
    for one in others:
        await one.close()
    assert len({one.id for one in made}) == len({one.line for one in made}) == 1
    assert await connection.fetchval("select count(*) from announcement") == 1


@pytest.mark.parametrize(
    ("starts_at", "refused"),
    [
        (NOW - timedelta(minutes=2), "is over"),
        (NOW + timedelta(days=61), "60 days"),
        (NOW - timedelta(seconds=50), None),  # a form says whole minutes
        (NOW + timedelta(days=60), None),
    ],
)
async def test_it_begins_now_or_within_sixty_days(
    connection: Any, starts_at: datetime, refused: str | None
) -> None:
    await company(connection)
    won = await contest(connection)
    if refused is None:
        made = await planned(connection, won, starts_at=starts_at)
        assert made.starts_at == max(starts_at, NOW)
    else:
        with pytest.raises(Refused, match=refused) as why:
            await planned(connection, won, starts_at=starts_at)
        assert why.value.field == "starts_at"
        assert await announcements(connection) == []


async def test_a_second_reveal_in_the_same_stretch_is_refused_with_the_name_of_the_first(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection)
    other = await contest(connection, name="Another")
    takes = length((await prepare(connection, won, NOW)).plan)
    await planned(connection, won, starts_at=NOW + HOUR)
    for moment in (NOW + HOUR, NOW + HOUR - takes + timedelta(seconds=1)):
        with pytest.raises(Refused, match="“Conversation starters” then, until 14 ") as why:
            await planned(connection, other, starts_at=moment)
        assert why.value.field == "starts_at"
    # The moment that the sentence names is free, also where the reveal ends between two minutes.
    free = (NOW + HOUR + takes + timedelta(seconds=59)).replace(second=0)
    assert (await planned(connection, other, starts_at=free)).starts_at == free


async def test_two_contests_announced_at_once_never_want_the_screens_together(
    connection: Any, database_url: str
) -> None:
    await company(connection)
    ids = [await contest(connection, name=name) for name in ("One", "Two", "Three")]
    others = [await asyncpg.connect(database_url) for _ in ids]
    done = await asyncio.gather(
        *(planned(one, id) for one, id in zip(others, ids, strict=True)), return_exceptions=True
    )
    for one in others:
        await one.close()
    assert sum(isinstance(one, Announcement) for one in done) == 1
    assert sum(isinstance(one, Refused) for one in done) == 2


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Thank\tyou\r\n all ", "Thank you all"),
        ("<b>Well</b> & done <script>", "<b>Well</b> & done <script>"),
        ("a\x00b\x1b[31m\u202ec", "ab[31mc"),
        ("", ""),
        ("é" * 200, "é" * 200),
        ("👏" * 200, "👏" * 200),
    ],
)
async def test_a_line_is_plain_text_of_one_line(connection: Any, typed: str, kept: str) -> None:
    await company(connection)
    won = await contest(connection)
    assert (await planned(connection, won, line=typed)).line == kept


async def test_a_line_that_is_too_long_is_refused_beside_its_field(connection: Any) -> None:
    await company(connection)
    won = await contest(connection)
    for long in ("x" * 201, "word " * 1000):
        with pytest.raises(Refused, match="200 characters at most") as why:
            await planned(connection, won, line=long)
        assert why.value.field == "line"
    assert (await planned(connection, won, line=f"{'x' * 100}{' ' * 900}y")).line[-2:] == " y"


async def test_called_off_before_it_begins_it_can_be_announced_anew(connection: Any) -> None:
    await company(connection)
    won = await contest(connection)
    before = await happened(connection, won)
    one = await planned(connection, won, starts_at=NOW + HOUR)
    with pytest.raises(Refused, match="announce winners"):
        await call_off(connection, one.id, by=A1, now=NOW)
    for _ in range(2):
        assert (await call_off(connection, one.id, by=HR, now=NOW)).called_off
    assert await happened(connection, won) == before
    assert await announcements(connection) == []
    assert await on_now(connection, NOW) is None
    assert (await planned(connection, won)).id != one.id


async def test_a_timed_reveal_that_has_begun_is_not_called_off(connection: Any) -> None:
    await company(connection)
    one = await planned(connection, await contest(connection))
    with pytest.raises(Refused, match="goes on by itself"):
        await call_off(connection, one.id, by=LEADER, now=NOW + timedelta(seconds=3))
    with pytest.raises(Refused, match="It is over"):
        await call_off(connection, one.id, by=LEADER, now=NOW + HOUR)


async def test_what_is_on_is_found_else_what_comes_within_a_day(connection: Any) -> None:
    await company(connection)
    won, other = await contest(connection), await contest(connection, name="Another")
    one = await planned(connection, won, starts_at=NOW + 30 * HOUR)
    two = await planned(connection, other, starts_at=NOW + 31 * HOUR)
    assert await on_now(connection, NOW) is None
    for since, expected in ((7, one), (30, one), (30.5, two), (31, two), (32, None)):
        assert await on_now(connection, NOW + since * HOUR) == expected
    assert await announcements(connection, finished=False) == [two, one]
    assert await announcements(connection, finished=True) == []
    assert await announcements(connection, contest_id=won) == [one]
    assert await announcements(connection, limit=1) == [two]
    assert await announcements(connection, before=two.id) == [one]
    assert await announcements(connection, before=one.id) == []


async def test_an_award_that_is_declined_meanwhile_is_no_longer_won(connection: Any) -> None:
    await company(connection)
    one = await planned(connection, await contest(connection), starts_at=NOW + HOUR)
    award = await award_of(connection, A1, 1)
    assert award in await awards_of_announcement(connection, one)
    await decline(connection, award, by=A1, now=NOW)
    await accept(connection, await award_of(connection, A2, 2), by=A2, now=NOW)
    left = await awards_of_announcement(connection, one)
    assert award not in left
    assert len(left) == 3


@pytest.mark.parametrize("id", [0, -1, 7, 2**63, 10**30])
async def test_no_announcement_is_said_to_be_none(connection: Any, id: int) -> None:
    with pytest.raises(NoSuchAnnouncement):
        await announcement(connection, id)
