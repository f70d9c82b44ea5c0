"""Reports say what the ledger says, and show no small group."""

from __future__ import annotations

from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.amounts import Amount, Kind
from rewards.budgets import balances, check_books, recover, void
from rewards.payouts import all_paid, import_paid, make_payout
from rewards.reports import contest_costs, department_costs, liabilities, winners
from rewards.reports.costs import LEAST, gathered
from tests.rewards.payouts.scene import DAYS, NOW, Scene, raise_scene


@pytest.fixture
async def scene(connection: asyncpg.Connection) -> Scene:
    """Seven winners of two departments, paid; one award refused, one recovered, one still open."""
    scene = await raise_scene(connection)
    sales = [await scene.person(f"Sales {n}", department="Sales") for n in range(6)]
    legal = await scene.person("Lena Ludwig", department="Legal")
    for person in [*sales, legal]:
        await scene.win(person, 10_000)
    await scene.win(legal, 2, DAYS)
    made = await make_payout(
        connection, format="payroll", kind=Kind.CASH, currency="EUR", by=scene.hr, now=NOW
    )
    body = await all_paid(connection, made.number, date(2026, 12, 28))
    assert (await import_paid(connection, body, by=scene.hr, now=NOW)).paid == 7
    first = await connection.fetchval("select min(award_id) from payment")
    await recover(connection, first, 4_000, by=scene.hr, key="back", reason="error", now=NOW)
    refused = await scene.win(sales[0], 500, steps=())
    await void(
        connection, scene.reservations["EUR"], refused, 500,
        by=scene.hr, key="void", reason="refused", now=NOW,
    )  # fmt: skip
    await scene.win(sales[0], 700)
    charter = await connection.fetchval(
        """insert into charter (contest_id, body, sha256, published_by, recorded_at)
           values ($1, '{"name": "Conversation starters", "metric": "responses"}', repeat('a', 64),
                   $2, $3) returning id""",
        scene.contest_id,
        scene.hr,
        NOW,
    )
    await connection.execute(
        "insert into decision values ($1, $2, '{}', repeat('b', 64), $3)",
        scene.contest_id,
        charter,
        NOW,
    )
    for person, value in ((sales[0], 100), (legal, 33)):
        await connection.execute(
            "insert into tally values ($1, 'prize', $2, 0, null, $3, null, 1)",
            scene.contest_id,
            person,
            value,
        )
    return scene


async def test_what_is_owed_and_what_is_held_is_what_the_ledger_has_reserved(scene: Scene) -> None:
    assert await check_books(scene.connection) == []
    stands = await balances(scene.connection)
    money, days = await liabilities(scene.connection)
    assert (money.owed.units, money.awards, days.owed.units) == (700, 1, 2)
    for found, currency in ((money, "EUR"), (days, DAYS)):
        balance = stands[scene.budgets[currency]]
        assert found.reserved.units == balance.reserved
        assert found.left.units == balance.available
        assert found.spent.units == balance.spent


async def test_the_cost_of_contests_is_what_budgets_have_spent(scene: Scene) -> None:
    stands = await balances(scene.connection)
    costs = await contest_costs(scene.connection)
    assert [(cost.paid.units, cost.open.units, cost.awards) for cost in costs] == [
        (66_000, 700, 8),
        (0, 2, 1),
    ]
    assert costs[0].paid.units == stands[scene.budgets["EUR"]].spent
    assert costs[0].each == (66_700, 133)
    assert await contest_costs(scene.connection, since=NOW + timedelta(days=1)) == []


async def test_departments_add_up_to_what_was_spent_and_hide_the_few(scene: Scene) -> None:
    costs = await department_costs(scene.connection)
    # One winner of Legal alone would be seen, and by subtraction too.
    assert [(cost.department, cost.winners) for cost in costs] == [("All departments", 7)]
    assert sum(cost.paid.units for cost in costs) == 66_000


async def test_who_won_how_often_and_what_they_were_paid(scene: Scene) -> None:
    found = await winners(scene.connection)
    often = {winner.name: (winner.awards, winner.paid) for winner in found}
    assert often["Sales 0"] == (2, (Amount(units=6_000, currency="EUR"),))
    assert often["Lena Ludwig"] == (2, (Amount(units=10_000, currency="EUR"),))
    assert sum(amount.units for winner in found for amount in winner.paid) == 66_000
    assert len(await winners(scene.connection, limit=3)) == 3


PEOPLE = st.frozensets(st.integers(1, 60), min_size=1, max_size=12)
GROUPS = st.lists(
    st.tuples(st.sampled_from(["", "A", "B", "C", "D", "E"]), PEOPLE, st.integers(0, 10**9)),
    max_size=6,
    unique_by=lambda group: group[0],
)


@given(GROUPS)
def test_no_group_shown_is_small_unless_everybody_is_few(
    groups: list[tuple[str, frozenset[int], int]],
) -> None:
    shown = gathered(groups)
    assert sum(group[2] for group in shown) == sum(group[2] for group in groups)
    if len(shown) > 1:
        assert all(len(people) >= LEAST for _, people, _ in shown)
