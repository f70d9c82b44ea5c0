"""The company of the season: people, departments, budgets, roles, and three people of HR."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from rewards.amounts import Kind
from rewards.awards import set_limit
from rewards.budgets import open_budget
from scoring.identity import account_id
from scoring.rulebooks import adopt_rulebook
from scoring.rules import default_rulebook_toml
from tests.rewards.season.world import COMPANY, NETWORKS, START, World
from tests.scoring.company import BEGINNING

BEFORE = START - timedelta(days=30)
DEPARTMENTS = 12


async def found(connection: Any, made: World) -> tuple[int, int, int]:
    """Everybody whom the world names as 1, 2, 3 …, and behind them three people of HR; their ids."""
    await adopt_rulebook(
        connection, default_rulebook_toml(), name="default", valid_from=BEGINNING,
        recorded_at=BEGINNING,
    )  # fmt: skip
    for number in range(1, DEPARTMENTS + 1):
        await connection.execute(
            "insert into department (name) values ($1)", f"Department {number}"
        )
    everybody = made.people + 3
    await connection.execute(
        "insert into person (recorded_at) select $1 from generate_series(1, $2::int)",
        BEFORE, everybody,
    )  # fmt: skip
    await connection.execute(
        """insert into profile (person_id, email, name, department_id, visibility, opens_networks,
             opens_mix, opens_gain)
           select id, 'p' || id || '@example.org', 'Person ' || id, 1 + id % $1, 'name', false, false,
             false from person""",
        DEPARTMENTS,
    )
    hr = tuple(range(made.people + 1, everybody + 1))
    for person in hr:
        await connection.execute(
            """insert into role_grant (person_id, role, granted, recorded_at)
               values ($1, 'hr', true, $2), ($1, 'administrator', true, $2)""",
            person, BEFORE,
        )  # fmt: skip
    for network in NETWORKS:
        account = account_id(network, COMPANY)
        await connection.execute(
            "insert into account (id, platform, native_id, recorded_at) values ($1, $2, $3, $4)",
            account, network, COMPANY, BEFORE,
        )  # fmt: skip
        await connection.execute(
            """insert into ownership (account_id, effective_at, company, recorded_at)
               values ($1, $2, true, $2)""",
            account, BEFORE,
        )  # fmt: skip
    for name, kind, currency, units in (
        ("Q4 money", Kind.CASH, "EUR", 3_000_000), ("Q4 days", Kind.DAYS, None, 60),
    ):  # fmt: skip
        await open_budget(
            connection, name=name, kind=kind, currency=currency, starts_on=date(2026, 10, 1),
            ends_on=date(2026, 12, 31), units=units, spenders=[hr[0]], by=hr[0], key=f"open {name}",
            now=BEFORE,
        )  # fmt: skip
    await set_limit(connection, kind="cash", currency="EUR", units=15_000, by=hr[2], now=BEFORE)
    for name in ("draws", "cash_or_days"):
        await connection.execute(
            """insert into allowance (name, allowed, reason, person_id, recorded_at)
               values ($1, true, 'for the season', $2, $3)""",
            name, hr[2], BEFORE,
        )  # fmt: skip
    return hr
