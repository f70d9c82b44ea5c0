"""`check_books` sees what cannot happen through the ledger: rows written past it."""

from __future__ import annotations

from typing import Any

import pytest

from rewards.budgets import check_books, post, reserve
from tests.rewards.budgets.ledger_scene import AWARDS, DAY, ENDS, EUROS, HR, NOVEMBER, raise_curtain

WAYS = {
    "top_up": ("funding", "available"),
    "post": ("reserved", "spent"),
    "release": ("reserved", "available"),
    "recover": ("spent", "available"),
}


async def forge(
    connection: Any, kind: str, units: int, after: tuple[int, int, int], **more: Any
) -> None:
    """A transfer written by hand."""
    last = await connection.fetchval(
        "select coalesce(max(number), 0) from transfer where budget_id = $1", EUROS
    )
    row = {
        "budget_id": EUROS, "number": last + 1, "kind": kind, "from_account": WAYS[kind][0],
        "to_account": WAYS[kind][1], "units": units, "reservation_id": None, "award_id": None,
        "available_after": after[0], "reserved_after": after[1], "spent_after": after[2],
        "reservation_after": None, "key": f"forged {last}", "content_sha256": bytes(32),
        "person_id": None, "reason": "by hand", "recorded_at": DAY,
    } | more  # fmt: skip
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(
        f"insert into transfer ({', '.join(row)}) values ({places})", *row.values()
    )


@pytest.fixture
async def books(connection: Any) -> Any:
    """€400 set aside as reservation 1 of €1,000, €100 of it paid to the first award."""
    await raise_curtain(connection)
    await reserve(connection, EUROS, NOVEMBER, 40_000, by=HR, on=ENDS, key="p", now=DAY)
    await post(
        connection, 1, AWARDS[NOVEMBER][0], 10_000, by=HR, key="paid", reason="paid", now=DAY
    )
    assert await check_books(connection) == []
    return connection


async def test_a_wrong_balance_is_named(books: Any) -> None:
    await forge(books, "top_up", 5, (60_006, 30_000, 10_000))
    faults = await check_books(books)
    assert faults == [
        "budget 1: transfer 4 says 60006/30000/10000, all before it make 60005/30000/10000 at place 4",
        "budget 1: funded with 100005, holds and has spent 100006",
    ]


async def test_a_gap_in_the_numbers_is_named(books: Any) -> None:
    await forge(books, "top_up", 5, (60_005, 30_000, 10_000), number=9)
    [fault] = await check_books(books)
    assert fault.startswith("budget 1: transfer 9")
    assert fault.endswith("at place 4")


async def test_what_a_reservation_holds_is_counted_anew(books: Any) -> None:
    await forge(
        books,
        "release",
        5_000,
        (65_000, 25_000, 10_000),
        reservation_id=1,
        reservation_after=30_000,
    )
    faults = await check_books(books)
    assert any("says it holds 30000, all before it make 25000" in fault for fault in faults)
    assert any("25000 is reserved, its reservations hold 30000" in fault for fault in faults)


async def test_more_back_than_was_paid_is_named(books: Any) -> None:
    held = {"reservation_id": 1, "award_id": AWARDS[NOVEMBER][0], "reservation_after": 30_000}
    await forge(books, "recover", 10_000, (70_000, 30_000, 0), **held)
    assert await check_books(books) == []
    await forge(books, "recover", 1, (70_001, 30_000, 0), **held)
    assert any("paid 10000, came back 10001" in fault for fault in await check_books(books))


async def test_an_award_of_another_contest_is_named(books: Any) -> None:
    await forge(
        books, "post", 5_000, (60_000, 25_000, 15_000), reservation_id=1, award_id=4,
        reservation_after=25_000,
    )  # fmt: skip
    [fault] = await check_books(books)
    assert fault.startswith("award 4: transfer")


async def test_a_reservation_without_a_transfer_and_a_closed_budget_with_money_are_named(
    books: Any,
) -> None:
    await books.execute(
        "insert into reservation (budget_id, contest_id, recorded_at) values (2, 1, $1)", DAY
    )
    await books.execute(
        """insert into budget_closing (budget_id, key, content_sha256, person_id, reason, recorded_at)
           values (2, 'k', $1, 1, 'by hand', $2)""",
        bytes(32),
        DAY,
    )
    assert await check_books(books) == [
        "reservation 2 of budget 2: its transfers are in none",
        "budget 2: closed, yet 10 is available and 0 reserved",
    ]
    async with books.transaction():
        assert len(await check_books(books)) == 2
