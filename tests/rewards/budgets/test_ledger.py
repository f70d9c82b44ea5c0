"""Budgets, one scene each: what moves, what is refused and in which words."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import asyncpg
import pytest

from rewards.amounts import MOST_UNITS, Kind
from rewards.budgets import (
    AlreadySettled,
    Balance,
    BudgetClosed,
    BudgetExhausted,
    NotAnAmount,
    NotASpender,
    NotSpent,
    OutsidePeriod,
    ReservationExhausted,
    StillReserved,
    UnknownBudget,
    Verb,
    allow_spender,
    balances,
    budgets,
    check_books,
    close_budget,
    expire,
    forbid_spender,
    left_of,
    may_spend,
    post,
    recover,
    release,
    reservations,
    reserve,
    top_up,
    transfers,
    void,
)
from rewards.refusal import KeyUsed, Refused
from tests.rewards.budgets.ledger_scene import (
    AWARDS,
    DAY,
    DAYS,
    DECEMBER,
    ENDS,
    EUROS,
    FUNDED,
    HR,
    NOVEMBER,
    OTHER,
    open_cash,
    raise_curtain,
)

FIRST, SECOND, THIRD = AWARDS[NOVEMBER]


@pytest.fixture
async def books(connection: Any) -> Any:
    """The connection of a company with money; at the end its books agree."""
    await raise_curtain(connection)
    yield connection
    assert await check_books(connection) == []


async def set_aside(books: Any, units: int, budget: int = EUROS, **more: Any) -> int:
    asked = {"by": HR, "on": ENDS, "key": f"publish-{budget}", "now": DAY} | more
    return (await reserve(books, budget, NOVEMBER, units, **asked)).id


def moved(reason: str, key: str, by: int | None = HR) -> Any:
    return {"by": by, "key": key, "reason": reason, "now": DAY}


async def stands(books: Any, budget: int = EUROS) -> tuple[int, int, int]:
    balance = (await balances(books, [budget]))[budget]
    assert balance.funded == balance.available + balance.reserved + balance.spent
    return balance.available, balance.reserved, balance.spent


async def test_what_a_contest_may_cost_is_set_aside_then_spent_given_back_or_released(
    books: Any,
) -> None:
    held = await set_aside(books, 60_000)
    assert await stands(books) == (40_000, 60_000, 0)
    await post(books, held, FIRST, 20_000, **moved("paid in December", "paid"))
    await void(books, held, SECOND, 10_000, **moved("declined", "declined"))
    await expire(books, held, THIRD, 5_000, **moved("nobody answered", "lapsed", by=None))
    await release(books, held, 25_000, **moved("not won", "released", by=None))
    assert await stands(books) == (80_000, 0, 20_000)
    assert await left_of(books, held) == 0
    back = await recover(books, FIRST, 5_000, **moved("paid twice by the payroll", "back"))
    assert back.verb is Verb.RECOVER
    assert await stands(books) == (85_000, 0, 15_000)
    [reservation] = await reservations(books, NOVEMBER)
    assert (reservation.budget_id, reservation.units, reservation.left) == (EUROS, 60_000, 0)
    rows = await transfers(books, EUROS)
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert [row.id for row in await transfers(books, award_id=FIRST)] == [rows[2].id, back.id]
    assert rows[-1].balance == Balance(85_000, 0, 15_000)


async def test_what_an_amendment_adds_joins_what_the_contest_has_set_aside(books: Any) -> None:
    held = await set_aside(books, 500)
    assert await set_aside(books, 200, key="amended") == held
    await post(books, held, FIRST, 600, **moved("paid", "paid"))
    await release(books, held, 100, **moved("withdrawn", "withdrawn"))
    again = await set_aside(books, 300, key="published again")
    assert again != held
    assert await set_aside(books, 500) == held
    assert [(one.id, one.units, one.left) for one in await reservations(books, NOVEMBER)] == [
        (held, 700, 0),
        (again, 300, 300),
    ]
    first = await reserve(books, EUROS, NOVEMBER, 500, by=HR, on=ENDS, key="publish-1", now=DAY)
    assert (first.units, first.left) == (500, 500)


async def test_too_little_is_refused_with_the_missing_amount(books: Any) -> None:
    with pytest.raises(BudgetExhausted) as refused:
        await set_aside(books, 135_000)
    assert str(refused.value) == (
        "€350 are missing in the budget “Q4 ambassadors”: €1,000 are left, this may cost €1,350."
    )
    assert refused.value.missing.units == 35_000
    with pytest.raises(BudgetExhausted) as refused:
        await set_aside(books, 11, DAYS)
    assert str(refused.value) == (
        "half a vacation day is missing in the budget “Q4 days”:"
        " 5 vacation days are left, this may cost 5½ vacation days."
    )
    await set_aside(books, FUNDED)
    with pytest.raises(BudgetExhausted, match=r"nothing is left, this may cost €0\.01"):
        await set_aside(books, 1, key="more")
    assert await stands(books) == (0, FUNDED, 0)


async def test_only_a_spender_reserves_and_only_within_the_budgets_time(books: Any) -> None:
    with pytest.raises(NotASpender, match="You may not spend from the budget “Q4 ambassadors”"):
        await set_aside(books, 1, by=OTHER)
    await allow_spender(books, EUROS, OTHER, by=HR, now=DAY)
    await allow_spender(books, EUROS, OTHER, by=HR, now=DAY)
    assert await may_spend(books, EUROS, OTHER)
    with pytest.raises(OutsidePeriod) as refused:
        await set_aside(books, 1, by=OTHER, on=date(2027, 1, 1))
    assert str(refused.value) == (
        "The budget “Q4 ambassadors” is for 1 October 2026 to 31 December 2026; the contest ends on"
        " 1 January 2027. Choose a budget whose time holds that day."
    )
    await set_aside(books, 1, by=OTHER, on=date(2026, 12, 31), key="last day")
    [euros, _] = await budgets(books)
    assert euros.spenders == (HR, OTHER)
    await forbid_spender(books, EUROS, OTHER, by=HR, now=DAY)
    with pytest.raises(NotASpender):
        await set_aside(books, 1, by=OTHER)
    # What was asked while it was allowed is still answered.
    await set_aside(books, 1, by=OTHER, on=date(2026, 12, 31), key="last day")
    assert await stands(books) == (FUNDED - 1, 1, 0)
    assert await books.fetchval("select count(*) from budget_spender where person_id = 2") == 2


async def test_the_same_request_again_is_the_first_answer_and_other_content_is_refused(
    books: Any,
) -> None:
    held = await set_aside(books, 500)
    assert await set_aside(books, 500) == held
    first = await post(books, held, FIRST, 200, **moved("paid", "paid"))
    assert await post(books, held, FIRST, 200, **moved("paid", "paid")) == first
    added = await top_up(books, EUROS, 7, **moved("more", "more"))
    assert await top_up(books, EUROS, 7, **moved("more", "more")) == added
    for other in (
        set_aside(books, 501),
        set_aside(books, 500, by=OTHER),
        set_aside(books, 500, on=date(2026, 12, 1)),
        reserve(books, EUROS, DECEMBER, 500, by=HR, on=ENDS, key="publish-1", now=DAY),
        reserve(books, DAYS, NOVEMBER, 5, by=HR, on=ENDS, key="publish-1", now=DAY),
        post(books, held, SECOND, 200, **moved("paid", "paid")),
        void(books, held, FIRST, 200, **moved("paid", "paid")),
        post(books, held, FIRST, 200, **moved("another reason", "paid")),
        release(books, held, 200, **moved("paid", "paid")),
        top_up(books, EUROS, 8, **moved("more", "more")),
        close_budget(books, DAYS, **moved("more", "more")),
    ):
        with pytest.raises(KeyUsed, match="sent before with other content"):
            await other
    assert await stands(books) == (FUNDED - 500 + 7, 300, 200)


async def test_an_award_is_settled_once_and_never_beyond_what_was_set_aside(books: Any) -> None:
    held = await set_aside(books, 500)
    days = await set_aside(books, 4, DAYS)
    with pytest.raises(ReservationExhausted, match=r"only €5 are still set aside .* not €5\.01"):
        await post(books, held, FIRST, 501, **moved("paid", "a"))
    await post(books, held, FIRST, 100, **moved("paid", "b"))
    with pytest.raises(AlreadySettled, match="was paid before"):
        await void(books, held, FIRST, 100, **moved("declined", "c"))
    # Cash or days: the winner took the cash; the days can be given back, not paid.
    with pytest.raises(AlreadySettled):
        await post(books, days, FIRST, 2, **moved("paid", "d"))
    await void(books, days, FIRST, 2, **moved("took the cash", "e"))
    with pytest.raises(AlreadySettled, match="was given back before"):
        await expire(books, days, FIRST, 2, **moved("nobody answered", "f"))
    with pytest.raises(ReservationExhausted, match="only €4 are"):
        await release(books, held, 401, **moved("not won", "g"))
    with pytest.raises(ValueError, match="not one of the contest"):
        await post(books, held, AWARDS[DECEMBER][0], 1, **moved("paid", "h"))
    assert await stands(books) == (FUNDED - 500, 400, 100)


async def test_no_more_comes_back_than_was_paid(books: Any) -> None:
    held = await set_aside(books, 500)
    with pytest.raises(NotSpent, match="Nothing was paid"):
        await recover(books, FIRST, 1, **moved("mistake", "a"))
    await post(books, held, FIRST, 300, **moved("paid", "b"))
    await recover(books, FIRST, 200, **moved("mistake", "c"))
    with pytest.raises(NotSpent, match=r"€1\.01 cannot come back: .* €1 has"):
        await recover(books, FIRST, 101, **moved("mistake", "d"))
    assert await stands(books) == (FUNDED - 300, 200, 100)


async def test_closing_returns_what_is_left_and_waits_for_what_is_set_aside(books: Any) -> None:
    held = await set_aside(books, 500)
    with pytest.raises(
        StillReserved, match=r"€5 of the budget .* are still set aside for one contest"
    ):
        await close_budget(books, EUROS, **moved("year's end", "close"))
    await post(books, held, FIRST, 500, **moved("paid", "paid"))
    closed = await close_budget(books, EUROS, **moved("year's end", "close"))
    assert closed is not None
    assert closed.units == FUNDED - 500
    assert await close_budget(books, EUROS, **moved("year's end", "close")) == closed
    assert await stands(books) == (0, 0, 500)
    for late in (
        top_up(books, EUROS, 1, **moved("more", "late")),
        set_aside(books, 1, key="late"),
        close_budget(books, EUROS, **moved("again", "late")),
    ):
        with pytest.raises(BudgetClosed, match="“Q4 ambassadors” is closed"):
            await late
    # What comes back later goes to the company at once.
    await recover(books, FIRST, 100, **moved("left the company", "back"))
    await recover(books, FIRST, 100, **moved("left the company", "back"))
    assert await stands(books) == (0, 0, 400)
    [euros, _] = await budgets(books)
    assert euros.closed_at == DAY
    assert [one.id for one in await budgets(books, with_closed=False)] == [DAYS]


async def test_an_empty_budget_closes_once_too(books: Any) -> None:
    held = await set_aside(books, 10, DAYS)
    await post(books, held, FIRST, 10, **moved("taken", "taken"))
    assert await close_budget(books, DAYS, **moved("year's end", "close")) is None
    assert await close_budget(books, DAYS, **moved("year's end", "close")) is None
    with pytest.raises(KeyUsed):
        await close_budget(books, DAYS, **moved("another reason", "close"))
    with pytest.raises(BudgetClosed):
        await close_budget(books, DAYS, **moved("year's end", "again"))


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": "  "}, "name", "Give the budget a name"),
        ({"name": "n" * 81}, "name", "within 80"),
        ({"name": "Q4  ambassadors"}, "name", "There is a budget “Q4 ambassadors”"),
        ({"currency": None}, "currency", "which currency"),
        ({"currency": "DEM"}, "currency", "“DEM” is not a currency"),
        ({"kind": Kind.DAYS}, "currency", "has no currency"),
        ({"ends_on": date(2026, 9, 30)}, "ends_on", "last day comes before"),
        ({"units": 0}, "units", "more than nothing"),
        ({"units": -5}, "units", "more than nothing"),
        ({"units": MOST_UNITS + 1}, "units", "more than any budget"),
    ],
)
async def test_a_budget_that_makes_no_sense_is_refused_beside_the_field(
    books: Any, change: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        await open_cash(books, key="new", **({"name": "New"} | change))
    assert refused.value.field == field
    assert len(await budgets(books)) == 2


async def test_what_cannot_move_is_refused(books: Any) -> None:
    for units in (0, -1, MOST_UNITS + 1):
        with pytest.raises(NotAnAmount):
            await top_up(books, EUROS, units, **moved("more", "more"))
    with pytest.raises(NotAnAmount, match="No budget can hold more than €10,000,000,000,000"):
        await top_up(books, EUROS, MOST_UNITS, **moved("more", "more"))
    with pytest.raises(Refused, match="Say why") as refused:
        await top_up(books, EUROS, 1, **moved("  ", "more"))
    assert refused.value.field == "reason"
    with pytest.raises(UnknownBudget):
        await top_up(books, 99, 1, **moved("more", "more"))
    with pytest.raises(UnknownBudget):
        await release(books, 99, 1, **moved("not won", "release"))
    with pytest.raises(ValueError, match="needs a key"):
        await top_up(books, EUROS, 1, **moved("more", ""))


async def test_budgets_are_found_by_day_kind_and_currency(books: Any) -> None:
    yen = await open_cash(
        books, key="yen", currency="JPY", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31)
    )
    assert [one.id for one in await budgets(books)] == [EUROS, DAYS, yen]
    assert [one.id for one in await budgets(books, on=date(2026, 12, 31))] == [EUROS, DAYS]
    assert [one.id for one in await budgets(books, kind=Kind.CASH)] == [EUROS, yen]
    assert [one.id for one in await budgets(books, currency="JPY")] == [yen]
    assert [one.id for one in await budgets(books, kind=Kind.DAYS)] == [DAYS]
    assert await balances(books, []) == {}
    assert (await balances(books))[yen] == Balance(FUNDED, 0, 0)


async def test_two_who_reserve_the_last_euros_at_once_get_them_once(
    books: Any, database_url: str
) -> None:
    other = await asyncpg.connect(database_url)
    try:
        outcomes = await asyncio.gather(
            set_aside(books, 60_000, key="one"),
            set_aside(other, 60_000, key="two"),
            return_exceptions=True,
        )
        assert {type(outcome) for outcome in outcomes} == {int, BudgetExhausted}
        # A double click: the same request over two connections.
        one, two = await asyncio.gather(
            set_aside(books, 100, key="twice"), set_aside(other, 100, key="twice")
        )
        assert one == two
        new = {"name": "Twice", "key": "open twice"}
        opened = await asyncio.gather(open_cash(books, **new), open_cash(other, **new))
        assert opened[0] == opened[1]
    finally:
        await other.close()
    assert await stands(books) == (FUNDED - 60_100, 60_100, 0)


async def test_reserving_in_two_budgets_is_all_or_nothing_in_the_callers_transaction(
    books: Any,
) -> None:
    with pytest.raises(BudgetExhausted):
        async with books.transaction():
            await set_aside(books, 500)
            await set_aside(books, 11, DAYS)
    assert await stands(books) == (FUNDED, 0, 0)
    assert await reservations(books, NOVEMBER) == []


async def test_a_connection_that_ends_leaves_nothing_and_blocks_nobody(
    books: Any, database_url: str
) -> None:
    other = await asyncpg.connect(database_url)
    begun = other.transaction()
    await begun.start()
    await set_aside(other, 60_000, key="lost")
    waiting = asyncio.create_task(set_aside(books, 70_000, key="kept"))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    other.terminate()
    await waiting
    assert await stands(books) == (FUNDED - 70_000, 70_000, 0)


async def test_who_did_what_with_a_budget_is_in_the_audit(books: Any) -> None:
    await top_up(books, EUROS, 100, **moved("a good quarter", "more"))
    await close_budget(books, DAYS, **moved("year's end", "close"))
    await close_budget(books, DAYS, **moved("year's end", "close"))
    rows = await books.fetch(
        "select person_id, action, subject, detail from audit where action <> all($1) order by id",
        ["budget_spender_allowed"],
    )
    assert [tuple(row)[:3] for row in rows] == [
        (HR, "budget_opened", "budget:1"),
        (HR, "budget_opened", "budget:2"),
        (HR, "budget_topped_up", "budget:1"),
        (HR, "budget_closed", "budget:2"),
    ]
    assert '"a good quarter"' in rows[2]["detail"]
