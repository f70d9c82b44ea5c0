"""Laws of the budget: never exceeded, whoever reserves when and wherever a process dies."""

from __future__ import annotations

import asyncio
from calendar import monthrange
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.polls.budget import Budget, Spent, day_of, give_back, reserve, spent
from scoring import Secrets, platform

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@given(
    st.integers(0, 5_000),
    st.integers(1, 31),
    st.lists(st.tuples(st.integers(0, 30), st.lists(st.sampled_from([5, 10, 100]), max_size=30))),
)
def test_a_months_budget_is_never_exceeded_and_lasts_until_its_end(
    budget: int, first_day: int, rounds: list[tuple[int, list[int]]]
) -> None:
    """Any questions on any days of a month, in any order of days that time allows."""
    allowed = Budget(10_000, budget)
    month, by_day = 0, dict[int, int]()
    for day_of_month, prices in sorted(rounds, key=lambda one: one[0]):
        now = datetime(2026, 11, min(max(first_day, 1 + day_of_month), 30), 12, tzinfo=UTC)
        day = by_day.get(now.day, 0)
        many = allowed.fitting(prices, Spent(price=month), Spent(price=day), now)
        cost = sum(prices[:many])
        left_before = budget - (month - day)
        days_left = monthrange(2026, 11)[1] - now.day + 1
        month, by_day[now.day] = month + cost, day + cost
        assert month <= budget
        assert by_day[now.day] <= -(-left_before // days_left)


@given(st.integers(0, 40), st.integers(0, 40), st.lists(st.just(0), max_size=50))
def test_questions_of_a_day_end_at_their_number(most: int, asked: int, prices: list[int]) -> None:
    many = Budget(most, None).fitting(prices, Spent(), Spent(calls=asked), NOW)
    assert many == max(0, min(most - asked, len(prices)))


def test_where_answers_cost_money_and_nothing_is_set_nothing_is_asked() -> None:
    x, bluesky = platform("x").polling, platform("bluesky").polling
    assert x is not None
    assert bluesky is not None
    assert Budget.of(x, Secrets()).fitting([10], Spent(), Spent(), NOW) == 0
    assert Budget.of(x, Secrets({"poll_budget": ("25",)})).price_a_month == 25_000
    assert Budget.of(bluesky, Secrets()).fitting([0], Spent(), Spent(), NOW) == 1
    assert (
        Budget.of(bluesky, Secrets({"poll_calls": ("0",)})).fitting([0], Spent(), Spent(), NOW) == 0
    )


async def test_many_who_reserve_at_once_stay_within_it(database_url: str) -> None:
    budget = Budget(100, 9_000)  # nine days are left: 1,000 for today
    connections = [await asyncpg.connect(database_url) for _ in range(8)]

    async def greedy(connection: Any) -> int:
        return sum([await reserve(connection, "x", budget, [10] * 7, NOW) for _ in range(10)])

    try:
        granted = await asyncio.gather(*map(greedy, connections))
        month, day = await spent(connections[0], "x", NOW)
    finally:
        for one in connections:
            await one.close()
    assert sum(granted) == 100
    assert (month.calls, month.price) == (day.calls, day.price) == (100, 1_000)


async def test_a_crash_between_setting_aside_and_asking_costs_at_most_what_was_set_aside(
    connection: Any, database_url: str
) -> None:
    budget = Budget(10, None)
    for _ in range(4):  # four processes that reserve, and die before or after they asked
        dying = await asyncpg.connect(database_url)
        assert await reserve(dying, "bluesky", budget, [0] * 2, NOW) == 2
        dying.terminate()
    rolled_back = await asyncpg.connect(database_url)
    transaction = rolled_back.transaction()
    await transaction.start()
    assert await reserve(rolled_back, "bluesky", budget, [0] * 2, NOW) == 2
    rolled_back.terminate()  # it never came to ask: nothing was set aside
    await asyncio.sleep(0.05)
    assert await reserve(connection, "bluesky", budget, [0] * 5, NOW) == 2
    assert await reserve(connection, "bluesky", budget, [0], NOW) == 0


async def test_what_was_never_asked_is_given_back_to_its_own_day(connection: Any) -> None:
    budget = Budget(10, 900)
    assert await reserve(connection, "x", budget, [10] * 5, NOW) == 5
    await give_back(connection, "x", 2, 20, NOW)
    month, day = await spent(connection, "x", NOW)
    assert (day.calls, day.price, month.price) == (3, 30, 30)
    tomorrow = NOW + timedelta(days=1)
    assert (await spent(connection, "x", tomorrow))[1] == Spent()
    assert await reserve(connection, "x", budget, [10] * 50, tomorrow) == 10


async def test_a_network_that_charges_nothing_has_no_budget_in_money(connection: Any) -> None:
    assert await reserve(connection, "mastodon", Budget(5, None), [0] * 9, NOW) == 5


# What happens to workers, in any order: each takes questions, asks them, dies, or gives back.
EVENTS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["take", "ask", "die", "give back", "tomorrow"])),
    max_size=60,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, budget=st.integers(0, 2_000), calls=st.integers(0, 40))
def test_whatever_workers_do_in_whatever_order_no_more_is_asked_than_was_allowed(
    events: list[tuple[int, str]], budget: int, calls: int, ledger: Ledger
) -> None:
    """Money is set aside before a question is asked: what was asked never exceeds what was allowed."""
    ledger.begin(Budget(calls, budget))
    for worker, event in events:
        ledger.happen(worker, event)
    assert ledger.asked_price <= budget
    assert all(asked <= calls for asked in ledger.asked_on.values())


class Ledger:
    """Workers on one real database, on one thread of events."""

    def __init__(self, database_url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = self._loop.run_until_complete(asyncpg.connect(database_url))

    def begin(self, budget: Budget) -> None:
        """Nothing was spent yet."""
        self._loop.run_until_complete(self._connection.execute("delete from poll_spent"))
        self._budget, self._now = budget, NOW
        self._taken: dict[int, tuple[int, datetime]] = {}
        self.asked_price, self.asked_on = 0, dict[str, int]()

    def happen(self, worker: int, event: str) -> None:
        """One thing happens to one worker."""
        taken = self._taken.pop(worker, None)
        if event == "tomorrow":
            self._now = min(self._now + timedelta(days=1), datetime(2026, 11, 30, 9, tzinfo=UTC))
        elif event == "take" and taken is None:
            many = self._run(reserve(self._connection, "x", self._budget, [10] * 7, self._now))
            taken = (many, self._now)
        elif event == "ask" and taken is not None:
            self.asked_price += 10 * taken[0]
            self.asked_on[day_of(taken[1])] = self.asked_on.get(day_of(taken[1]), 0) + taken[0]
            taken = None
        elif event == "give back" and taken is not None:
            self._run(give_back(self._connection, "x", taken[0], 10 * taken[0], taken[1]))
            taken = None
        elif event == "die":
            taken = None
        if taken is not None:
            self._taken[worker] = taken

    def end(self) -> None:
        """Say goodbye."""
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()

    def _run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(what)


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """A ledger of its own for each run."""
    made = Ledger(database_url)
    yield made
    made.end()
