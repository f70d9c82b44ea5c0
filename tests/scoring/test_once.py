"""The law «once»: any order, repetition, split and killing of the same facts leaves the same points.

`pytest tests/scoring/test_once.py --hypothesis-profile=thorough` looks much longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from random import Random
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring import look
from scoring.facts import Kind, Removal
from scoring.rules import default_rulebook_toml
from scoring.score import score
from scoring.verify import verify
from tests.scoring.scene import (
    NOW,
    ZONE,
    count,
    like,
    points,
    raise_curtain,
    reply,
    share,
    tell,
    totals,
    wrote,
)
from tests.scoring.worlds import Act, Held, Told, World, begin, in_lawful_order, worlds

thorough = settings.get_current_profile_name() == "thorough"
EXAMPLES = 1500 if thorough else 25


class Killed(Exception):
    """A worker dies before a statement."""


class Mortal:
    """A connection that dies before its n-th statement; everything else is the real one's."""

    def __init__(self, connection: Any, statements: int) -> None:
        self._connection = connection
        self._left = statements

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._connection, name)
        if name not in ("fetch", "fetchval", "fetchrow", "execute", "copy_records_to_table"):
            return found

        async def stated(*arguments: Any, **options: Any) -> Any:
            self._left -= 1
            if self._left < 0:
                raise Killed
            await asyncio.sleep(0)
            return await found(*arguments, **options)

        return stated


async def play(connection: Any, world: World, acts: Sequence[Act]) -> tuple[Any, Any]:
    """Everything becomes known in this order, then is counted; the sums and the totals."""
    await begin(connection, world)
    for act in acts:
        await act.happen(connection)
    await count(connection)
    return await points(connection), await totals(connection)


def shuffled(world: World, random: Random) -> list[Act]:
    """The acts in another order, some of them twice."""
    again = [act for act in world.acts if isinstance(act, Told)]
    acts = [*world.acts, *random.sample(again, k=min(4, len(again)))]
    random.shuffle(acts)
    return in_lawful_order(acts)


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(world=worlds(), seed=st.integers(0, 2**32))
async def test_order_and_repetition_and_split_leave_the_same_points(
    connection: Any, world: World, seed: int
) -> None:
    random = Random(seed)
    expected = await play(connection, world, world.acts)
    verification = await verify(connection, zone=ZONE)
    assert [str(difference) for difference in verification.differences] == []

    usual = look.FIRST_LOOK
    look.FIRST_LOOK = random.choice([2, usual])  # a first look that is too short is repeated
    try:
        await begin(connection, world)
        for act in shuffled(world, random):
            await act.happen(connection)
            if random.random() < 0.4:
                await score(connection, now=NOW, zone=ZONE, limit=random.choice([1, 2, 50]))
        await count(connection, limit=3)
    finally:
        look.FIRST_LOOK = usual
    assert (await points(connection), await totals(connection)) == expected


@asynccontextmanager
async def workers(database_url: str, number: int) -> AsyncIterator[list[Any]]:
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(number):
            connection = await asyncpg.connect(database_url)
            stack.push_async_callback(connection.close)
            opened.append(connection)
        yield opened


async def work(connection: Any, acts: list[Act], random: Random) -> None:
    """A worker that takes what is next, counts now and then, and dies now and then."""
    while acts:
        mortal = Mortal(connection, random.choice([3, 8, 15, 25, 40, 1000]))
        act = acts.pop(0)
        try:
            await act.happen(mortal)
        except Killed:
            acts.append(act)
        with suppress(Killed):
            await score(mortal, now=NOW, zone=ZONE, limit=random.choice([1, 3, 50]))


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(world=worlds(), seed=st.integers(0, 2**32))
async def test_workers_side_by_side_killed_between_any_two_statements_leave_the_same_points(
    database_url: str, world: World, seed: int
) -> None:
    # Not Hypothesis's own: which worker asks first is for the operating system to say.
    random = Random(seed)
    async with workers(database_url, 2) as (one, two):
        # Holds have an order that dying workers do not keep.
        world = World(world.toml, tuple(act for act in world.acts if not isinstance(act, Held)))
        expected = await play(one, world, world.acts)
        await begin(one, world)
        acts = shuffled(world, random)
        await asyncio.gather(work(one, acts, random), work(two, acts, random))
        await asyncio.gather(count(one, limit=2), count(two, limit=3))
        assert (await points(one), await totals(one)) == expected
        verification = await verify(one, zone=ZONE)
        assert [str(difference) for difference in verification.differences] == []


SCENE = (
    wrote("p1", "ana", 0),
    *(reply(f"r{n}", f"out{n}", "ana", "p1", n) for n in range(1, 4)),
    reply("a1", "ana", "out1", "r1", 5),
    share("q1", "acme", "ana", "p1", 6),
    like("out9", "acme", "q1", 7),
    Removal("r2"),
)


async def test_a_round_killed_before_any_statement_changes_nothing_and_is_done_by_the_next(
    connection: Any,
) -> None:
    await raise_curtain(connection, toml=default_rulebook_toml())
    await tell(connection, *SCENE)
    waiting = await connection.fetchval("select count(*) from change")
    for statements in range(1000):
        try:
            await score(Mortal(connection, statements), now=NOW, zone=ZONE)  # type: ignore[arg-type]
            break
        except Killed:
            assert await points(connection) == {}
            assert await connection.fetchval("select count(*) from change") == waiting
    assert statements > 10
    assert sum((await points(connection)).values()) == 10 + 6 + 4 + 4 + 40 + 1
    assert (await verify(connection, zone=ZONE)).agrees


async def test_telling_killed_before_any_statement_stores_nothing(connection: Any) -> None:
    await raise_curtain(connection)
    for statements in range(1000):
        try:
            await tell(Mortal(connection, statements), *SCENE)
            break
        except Killed:
            assert await connection.fetchval("select count(*) from engagement") == 0
            assert await connection.fetchval("select count(*) from change") == 0
    assert await connection.fetchval("select count(*) from engagement") == 7


@pytest.mark.parametrize("first", ["removal", "reply"])
async def test_a_removal_and_its_deed_stored_by_two_workers_at_once_leave_nothing(
    database_url: str, first: str
) -> None:
    async with workers(database_url, 2) as (one, two):
        await raise_curtain(one)
        facts = [Removal("r1"), reply("r1", "out1", "ana", "p1", 1)]
        if first == "reply":
            facts.reverse()
        # Neither sees what the other has not committed; both count, in either order.
        await asyncio.gather(tell(one, facts[0]), tell(two, facts[1]))
        await asyncio.gather(
            score(one, now=NOW, zone=ZONE, limit=1), score(two, now=NOW, zone=ZONE, limit=1)
        )
        await count(one)
        assert await points(one) == {}


async def test_a_worker_whose_connection_is_ended_leaves_its_round_to_others(
    database_url: str,
) -> None:
    async with workers(database_url, 2) as (one, two):
        await raise_curtain(one)
        await tell(one, *SCENE)
        # The person is locked, so that the round is under way when its connection ends.
        blocked = one.transaction()
        await blocked.start()
        await one.execute("select 1 from person for update")
        process = two.get_server_pid()
        round_of_two = asyncio.create_task(score(two, now=NOW, zone=ZONE))
        waits = "select wait_event_type = 'Lock' from pg_stat_activity where pid = $1"
        while not await one.fetchval(waits, process):
            await asyncio.sleep(0.01)
            assert not round_of_two.done()
        await one.execute("select pg_terminate_backend($1)", process)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await round_of_two
        await blocked.rollback()
        assert await points(one) == {}
        await count(one)
        assert sum((await points(one)).values()) == 65


def test_the_worlds_hold_what_the_law_is_about() -> None:
    kinds: set[Any] = set()

    @settings(max_examples=60, database=None, suppress_health_check=list(HealthCheck))
    @given(world=worlds())
    def look(world: World) -> None:
        for act in world.acts:
            kinds.add(type(act).__name__)
            if isinstance(act, Told):
                kinds.add(type(act.fact).__name__)
                kinds.add(getattr(act.fact, "kind", None))

    look()
    assert {"Told", "Owned", "Enrolled", "Marked", "Held", "Adopted", "Removal", "Figure"} <= kinds
    assert {Kind.POST, Kind.REPLY, Kind.QUOTE, Kind.RESHARE, Kind.REACTION, Kind.FOLLOW} <= kinds
