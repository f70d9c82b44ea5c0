"""Whoever a fact is about stands in the queue, and contests take them from it."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.facts import Engagement, Figure, Kind, Post, Removal, Snapshot
from scoring.identity import engagement_id
from scoring.touched import take_touched
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    NETWORK,
    account,
    count,
    enrol,
    hold,
    hour,
    like,
    mark,
    own,
    raise_curtain,
    reply,
    share,
    tell,
)
from tests.scoring.tallies.contest import in_the_queue

NO_REPLIES = """
[[rule]]
name = "followed"
when = { relation = "earned", kind = "follow" }
credit = "actor"
per = "week"
steps = [[1, 1]]
"""


async def begin(connection: Any) -> None:
    """A company whose own rulebook gives nothing for replies, and a reply to each of Ana and Ben."""
    await raise_curtain(connection, toml=NO_REPLIES)
    await tell(
        connection,
        reply("r1", "zoe", "ana", "p1", 1),
        reply("r2", "zoe", "ben", "p2", 1),
        share("q1", "acme", "ana", "p1", 2),
        Post("p1", "ana", hour(0)),
    )
    await count(connection)
    await connection.execute("delete from touched")


async def test_an_answer_touches_whose_it_is_though_the_rulebook_gives_nothing(
    connection: Any,
) -> None:
    await begin(connection)
    await tell(connection, reply("r3", "yan", "ana", "p1", 3))
    assert await in_the_queue(connection) == set()  # not before it can be seen
    await count(connection)
    assert await in_the_queue(connection) == {ANA}


@pytest.mark.parametrize(
    ("fact", "who"),
    [
        (Removal("r1"), {ANA}),
        (reply("r2", "zoe", "ben", "p2", 0.5), {BEN}),
        (Post("p2", "ben", hour(0), text="hello #teamacme"), {BEN}),
        (like("yan", "acme", "q1", 4), {ANA}),
        (Removal("q1"), {ANA}),
        (Figure("p1", Kind.REPLY, 9, hour(5)), {ANA}),
        (Engagement(Kind.MENTION, "p2", "ben", "acme", "p2", None, hour(0)), {BEN}),
        (Snapshot("cem", 12, hour(6)), {CEM}),
    ],
)
async def test_every_fact_touches_whom_it_is_about(
    connection: Any, fact: Any, who: set[int]
) -> None:
    await begin(connection)
    await tell(connection, fact)
    await count(connection)
    assert await in_the_queue(connection) == who


async def test_decisions_touch_whom_they_are_about(connection: Any) -> None:
    await begin(connection)

    async def touched() -> set[int]:
        await count(connection)
        found = await in_the_queue(connection)
        await connection.execute("delete from touched")
        return found

    await mark(connection, "p2", "disclosed")
    assert await touched() == {BEN}
    await hold(connection, engagement_id(NETWORK, Kind.REPLY, "r1", account("ana")), True)
    assert await touched() == {ANA}
    await enrol(connection, BEN, "paused", hour(50))
    assert BEN in await touched()
    await own(connection, "ben", CEM, hour(60), "every")
    assert {BEN, CEM} <= await touched()


async def test_the_same_fact_told_again_touches_nobody(connection: Any) -> None:
    await begin(connection)
    await tell(connection, reply("r1", "zoe", "ana", "p1", 1))
    await tell(connection, Snapshot("cem", 12, hour(6)))
    await connection.execute("delete from touched")
    await tell(connection, Snapshot("cem", 12, hour(6)))
    await count(connection)
    assert await in_the_queue(connection) == set()


async def test_taking_gives_each_once_and_a_failure_gives_them_back(connection: Any) -> None:
    await begin(connection)
    await connection.execute("insert into touched (person_id) values (1), (2), (1), (3), (2)")
    with pytest.raises(ZeroDivisionError):
        async with connection.transaction():
            assert await take_touched(connection) == [1, 2, 3]
            raise ZeroDivisionError
    async with connection.transaction():
        assert await take_touched(connection, limit=3) == [1, 2]
    async with connection.transaction():
        assert await take_touched(connection) == [2, 3]
    assert await take_touched(connection) == []


async def test_two_takers_take_different_notes(connection: Any, database_url: str) -> None:
    import asyncpg

    await begin(connection)
    await connection.execute("insert into touched (person_id) select generate_series(1, 10)")
    other = await asyncpg.connect(database_url)
    try:
        async with connection.transaction(), other.transaction():
            first = await take_touched(connection, limit=4)
            second = await take_touched(other, limit=100)
        assert sorted(first + second) == list(range(1, 11))
    finally:
        await other.close()
