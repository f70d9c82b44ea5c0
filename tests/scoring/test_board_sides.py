"""Boards that are no sums of entries: different people who answered, followers gained."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from scoring.boards.eve import build_eve, eve_part
from scoring.boards.key import BoardKey
from scoring.facts import Engagement, Figure, Kind, Removal, Snapshot
from scoring.identity import engagement_id
from scoring.periods import ALL_STARTS_ON, Period, bounds, starts_on
from scoring.retotal import retotal
from scoring.verify import verify
from tests.scoring.scene import (
    ANA,
    BEN,
    NETWORK,
    ZONE,
    account,
    count,
    enrol,
    hold,
    hour,
    own,
    raise_curtain,
    reply,
    share,
    tell,
    totals,
)

MONTH, WEEK = date(2026, 11, 1), date(2026, 11, 2)


async def of(connection: Any, metric: str, period: str, on: date, person: int = ANA) -> int:
    """A person's total, nothing if there is none."""
    return (await totals(connection)).get((metric, period, on, person), 0)


async def agrees(connection: Any) -> bool:
    """Whether plain SQL comes to the same."""
    found = await verify(connection, zone=ZONE)
    assert [str(difference) for difference in found.differences] == []
    return found.agrees


async def test_who_answers_on_two_days_counts_on_both_and_once_in_the_week(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r1", "out1", "ana", "p1", 1),
        reply("r2", "out1", "ana", "p2", 30),
        share("q1", "out2", "ana", "p1", 31),
    )
    await count(connection)
    assert await of(connection, "responses", "day", date(2026, 11, 2)) == 1
    assert await of(connection, "responses", "day", date(2026, 11, 3)) == 2
    assert await of(connection, "responses", "week", WEEK) == 2
    assert await agrees(connection)


async def test_a_removed_or_held_answer_no_longer_counts_and_a_release_brings_it_back(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r1", "out1", "ana", "p1", 1),
        reply("r2", "out1", "ana", "p2", 2),
        reply("r3", "out2", "ana", "p2", 3),
    )
    await count(connection)
    await tell(connection, Removal("r1"))
    await count(connection)
    assert await of(connection, "responses", "month", MONTH) == 2  # out1 still stands by r2
    held = engagement_id(NETWORK, Kind.REPLY, "r2", account("ana"))
    await hold(connection, held, True)
    await count(connection)
    assert await of(connection, "responses", "month", MONTH) == 1
    assert await agrees(connection)
    await hold(connection, held, False)
    await count(connection)
    assert await of(connection, "responses", "month", MONTH) == 2
    assert await agrees(connection)


async def test_neither_likes_nor_colleagues_nor_counts_without_names_are_responses(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(
        connection, reply("r1", "ben", "ana", "p1", 1), Figure("p1", Kind.REPLY, 40, hour(2))
    )
    await count(connection)
    assert await of(connection, "responses", "all", date(1970, 1, 1)) == 0


async def test_an_answerer_who_turns_out_to_be_a_colleague_is_taken_back(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, reply("r1", "out1", "ana", "p1", 5))
    await count(connection)
    assert await of(connection, "responses", "month", MONTH) == 1
    await connection.execute(
        "insert into account values ($1, $2, 'out1', $3)", account("out1"), NETWORK, hour(0)
    )
    await own(connection, "out1", BEN, hour(1))
    await count(connection)
    assert await of(connection, "responses", "month", MONTH) == 0
    assert await agrees(connection)


async def test_followers_rise_on_the_day_they_were_seen_and_days_add_up(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        Snapshot("ana", 800, hour(0)),
        Snapshot("ana", 850, hour(40)),
        Snapshot("ana", 845, hour(60)),
        Snapshot("ana2", 10, hour(1)),
        Snapshot("ana2", 17, hour(41)),
    )
    await count(connection)
    days = [await of(connection, "followers", "day", date(2026, 11, day)) for day in (2, 3, 4)]
    assert days == [0, 0, 52]
    assert await of(connection, "followers", "week", WEEK) == 52
    await tell(connection, Snapshot("ana", 830, hour(20)))  # told late, between the others
    await count(connection)
    days = [await of(connection, "followers", "day", date(2026, 11, day)) for day in (2, 3, 4)]
    assert days == [0, 30, 22]
    assert await of(connection, "followers", "month", MONTH) == 52
    assert await agrees(connection)


async def test_followers_gained_in_a_pause_or_before_the_link_are_not_counted(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(connection, Snapshot("ana", 100, hour(0)), Snapshot("ana", 110, hour(1)))
    await enrol(connection, ANA, "paused", hour(2))
    await tell(connection, Snapshot("ana", 500, hour(3)))
    await enrol(connection, ANA, "active", hour(4))
    await tell(connection, Snapshot("ana", 505, hour(5)), Snapshot("ana", 506, hour(6)))
    await count(connection)
    assert await of(connection, "followers", "month", MONTH) == 11
    assert await agrees(connection)


async def test_follower_counts_on_their_way_are_no_difference(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, Snapshot("ana", 100, hour(0)), Snapshot("ana", 110, hour(1)))
    found = await verify(connection, zone=ZONE)
    assert found.agrees
    assert found.still_counted == 1


async def test_a_wrong_answer_or_total_is_found_and_totals_are_put_right(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r1", "out1", "ana", "p1", 1),
        Snapshot("ana", 100, hour(0)),
        Snapshot("ana", 110, hour(1)),
    )
    await count(connection)
    await connection.execute("update total set value = value + 3 where metric <> 'points'")
    found = await verify(connection, zone=ZONE)
    assert f"person {ANA}, followers of the month from 2026-11-01: 10 stand behind it, the total says 13" in [
        str(one) for one in found.differences
    ]  # fmt: skip
    assert await retotal(connection, zone=ZONE) == 10
    assert await agrees(connection)
    await connection.execute("update answered set actor_id = gen_random_uuid()")
    found = await verify(connection, zone=ZONE)
    assert [str(one) for one in found.differences] == [
        f"person {ANA}, answered on 2026-11-02: the facts name 1 people outside, as many, but others,"
        " are kept"
    ]


async def test_who_answered_before_today_has_not_moved_anybody_today(
    connection: Any, redis: Redis
) -> None:
    await raise_curtain(connection)
    now = datetime.now(UTC)
    today, _ = bounds(Period.DAY, starts_on(Period.DAY, now, ZONE), ZONE)
    for name, actor, at in (
        ("r1", "out1", today - timedelta(hours=1)),
        ("r2", "out1", today),
        ("r3", "out2", today),
    ):
        answer = Engagement(Kind.REPLY, name, actor, "ana", post="p1", occurred_at=at)
        await tell(connection, answer, received_at=now)
    await count(connection)
    await connection.execute(
        "insert into profile values ($1, 'ana@x.example', 'Ana', null, null, null, 'name', $2, $2, $2)",
        ANA,
        False,
    )
    board = BoardKey("responses", Period.ALL, ALL_STARTS_ON)
    assert await of(connection, "responses", "all", ALL_STARTS_ON) == 2
    assert await build_eve(connection, redis, board, now, ZONE)
    eve = board.part(eve_part(today.astimezone(ZONE).date()))
    assert await redis.zscore(eve, str(ANA)) == 1
