"""Any order and repetition of publications, with flushes in between, gives PostgreSQL's board."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from redis.asyncio import Redis

from scoring.boards import Told, apply, ensure, publish, read, rebuild, republish_person
from scoring.boards.fallback import read_slowly
from scoring.periods import Period
from tests.scoring.boards.company import ZONE, Company, board

T = TypeVar("T")
PEOPLE = 6
people = st.integers(0, PEOPLE - 1)
PARTS = ["ranking", "versions", "state", "new-ranking", "building"]


class Publications(RuleBasedStateMachine):
    """Points, hiding, moving, publishing, repeating, flushing, building; then the boards are equal.

    Each example has a day of its own, so that one database serves all of them.
    """

    company: Company
    redis: Redis
    runner: asyncio.Runner
    ids: list[int]
    departments: list[int]
    day = date(2000, 1, 1)

    def wait(self, work: Awaitable[T]) -> T:
        async def waited() -> T:
            return await work

        return self.runner.run(waited())

    @initialize()
    def begin(self) -> None:
        type(self).day += timedelta(days=1)
        self.boards = [
            board(audience, Period.DAY, self.day)
            for audience in ("all", *(f"department-{each}" for each in self.departments))
        ]
        self.told: list[Told] = []
        self.wait(self.redis.flushdb())
        self.wait(self.company.connection.execute("delete from outbox"))
        self.wait(
            self.company.connection.execute(
                "update profile set visibility = 'name', department_id = $1", self.departments[0]
            )
        )

    @rule(person=people, value=st.integers(-2, 5))
    def score(self, person: int, value: int) -> None:
        version = self.wait(self.company.score(self.ids[person], value, Period.DAY, self.day))
        self.told.append(Told(self.ids[person], value, version, True))

    @rule(person=people, visibility=st.sampled_from(["name", "hidden"]))
    def show(self, person: int, visibility: str) -> None:
        self.wait(
            self.company.connection.execute(
                "update profile set visibility = $2 where person_id = $1",
                self.ids[person],
                visibility,
            )
        )
        self.told = [told for told in self.told if told.person_id != self.ids[person]]
        self.wait(republish_person(self.company.connection, self.ids[person]))

    @rule(person=people, to=st.integers(0, 1))
    def move(self, person: int, to: int) -> None:
        self.wait(
            self.company.connection.execute(
                "update profile set department_id = $2 where person_id = $1",
                self.ids[person],
                self.departments[to],
            )
        )
        left = [f"department-{self.departments[1 - to]}"]
        self.wait(republish_person(self.company.connection, self.ids[person], left))

    @rule(limit=st.integers(1, 4))
    def publish_some(self, limit: int) -> None:
        self.wait(publish(self.company.connection, self.redis, ZONE, limit))

    @rule(which=st.randoms(use_true_random=False))
    def old_news_again(self, which: Any) -> None:
        """Redelivery: what was once true of everyone's board, in any order."""
        again = [told for told in self.told if which.random() < 0.5]
        which.shuffle(again)
        known = {told.person_id: told.version for told in self.told}
        # News of a version that the totals have left behind; the newest waits in the outbox.
        old = [told for told in again if told.version < known[told.person_id]]
        if self.wait(read(self.redis, self.boards[0], datetime.now(UTC), ZONE)) is not None:
            done = self.wait(apply(self.redis, self.boards[0], old, 0))
            assert done.ready

    @rule(index=st.integers(0, 2))
    def build(self, index: int) -> None:
        self.wait(rebuild(self.company.connection, self.redis, self.boards[index], ZONE))

    @rule()
    def flush(self) -> None:
        self.wait(self.redis.flushdb())

    @rule(index=st.integers(0, 2), part=st.sampled_from(PARTS))
    def lose_a_part(self, index: int, part: str) -> None:
        self.wait(self.redis.delete(self.boards[index].part(part)))

    @invariant()
    def once_all_is_published_the_board_is_what_postgresql_says(self) -> None:
        if self.wait(self.company.connection.fetchval("select count(*) from outbox")):
            return
        now = datetime.now(UTC)
        for each in self.boards:
            self.wait(ensure(self.company.connection, self.redis, each, ZONE))
            fast = self.wait(read(self.redis, each, now, ZONE))
            slow = self.wait(read_slowly(self.company.connection, each))
            assert fast is not None
            assert (fast.top, fast.size) == (slow.top, slow.size)

    def teardown(self) -> None:
        if hasattr(self, "boards"):
            while self.wait(publish(self.company.connection, self.redis, ZONE)).rows:
                pass
            self.once_all_is_published_the_board_is_what_postgresql_says()


def test_any_order_and_repetition_gives_the_board_that_postgresql_has(
    database_url: str, redis_url: str
) -> None:
    with asyncio.Runner() as runner:

        async def company() -> tuple[Company, list[int], list[int]]:
            it = Company(await asyncpg.connect(database_url))
            departments = [await it.department("Sales"), await it.department("Research")]
            return it, departments, [await it.person(f"P{n}") for n in range(PEOPLE)]

        it, departments, ids = runner.run(company())
        redis = Redis.from_url(redis_url)

        class Here(Publications):
            pass

        Here.company, Here.departments, Here.ids = it, departments, ids
        Here.redis, Here.runner = redis, runner
        Here.TestCase.settings = settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        try:
            Here.TestCase("runTest").runTest()
        finally:
            runner.run(redis.aclose())
            runner.run(it.connection.close())
