"""Three people, two contests with awards, and budgets of euros and of days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from rewards.amounts import Kind
from rewards.budgets import open_budget

DAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
ENDS = date(2026, 12, 21)  # the contests' last day
HR, OTHER, WINNER = 1, 2, 3  # people; OTHER may not spend
EUROS, DAYS = 1, 2  # budgets
NOVEMBER, DECEMBER = 1, 2  # contests
AWARDS = {NOVEMBER: (1, 2, 3), DECEMBER: (4, 5, 6)}  # three of each contest
FUNDED = 100_000  # minor units: €1,000


async def raise_curtain(connection: Any) -> None:
    """A budget of €1,000 and one of five days, from 1 October to 31 December."""
    for person in (HR, OTHER, WINNER):
        made = await connection.fetchval(
            "insert into person (recorded_at) values ($1) returning id", DAY
        )
        assert made == person
    for number, slug in ((NOVEMBER, "november"), (DECEMBER, "december")):
        made = await connection.fetchval(
            "insert into contest (slug, author_id, recorded_at) values ($1, $2, $3) returning id",
            slug,
            HR,
            DAY,
        )
        assert made == number
        for award in AWARDS[number]:
            # Recognition, so that the table needs no reservation; the ledger asks only whose it is.
            await connection.execute(
                """insert into award (contest_id, prize, person_id, kind, units, proposer_id,
                     recorded_at) values ($1, $2, $3, 'recognition', 0, $4, $5)""",
                number,
                award,
                WINNER,
                HR,
                DAY,
            )
    assert await open_cash(connection, key="open") == EUROS
    days = await open_budget(
        connection,
        name="Q4 days",
        kind=Kind.DAYS,
        currency=None,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 31),
        units=10,
        spenders=[HR],
        by=HR,
        key="open-days",
        now=DAY,
    )
    assert days == DAYS


async def open_cash(connection: Any, *, key: str, **change: Any) -> int:
    """Open the budget of euros, or one that differs in what `change` says."""
    terms: dict[str, Any] = {
        "name": "Q4 ambassadors",
        "kind": Kind.CASH,
        "currency": "EUR",
        "starts_on": date(2026, 10, 1),
        "ends_on": date(2026, 12, 31),
        "units": FUNDED,
        "spenders": [HR],
        "by": HR,
        "now": DAY,
    }
    return await open_budget(connection, key=key, **(terms | change))
