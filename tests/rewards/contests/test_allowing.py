"""What the company allows itself in contests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from rewards import CASH_OR_DAYS, DRAWS, Refused, allowances, decide_allowance, form_context

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADA, HELEN = 1, 2


@pytest.fixture
async def company(connection: asyncpg.Connection) -> asyncpg.Connection:
    """An administrator and somebody of HR."""
    await connection.execute("insert into person (recorded_at) values ($1), ($1)", NOW)
    await connection.executemany(
        """insert into role_grant (person_id, role, granted, recorded_at)
           values ($1, $2, true, $3)""",
        [(ADA, "administrator", NOW), (HELEN, "hr", NOW)],
    )
    return connection


async def allowed(connection: asyncpg.Connection) -> frozenset[str]:
    """As the form of a contest sees it."""
    context = await form_context(
        connection, 0, by=HELEN, zone=ZoneInfo("UTC"), company="Acme", disclosure_tag="#", now=NOW
    )
    return context.allowed


async def test_nothing_is_allowed_until_somebody_decides(company: asyncpg.Connection) -> None:
    assert await allowed(company) == frozenset()
    assert {one.name for one in await allowances(company)} == {CASH_OR_DAYS, DRAWS}
    assert all(one.why_off and not one.reason for one in await allowances(company))


async def test_the_newest_decision_holds_and_every_one_is_kept(
    company: asyncpg.Connection,
) -> None:
    await decide_allowance(company, DRAWS, True, "  counsel \n agreed ", by=ADA, now=NOW)
    assert await allowed(company) == {DRAWS}
    later = NOW + timedelta(days=1)
    await decide_allowance(company, DRAWS, False, "the law changed", by=ADA, now=later)
    assert await allowed(company) == frozenset()
    [draws] = [one for one in await allowances(company) if one.name == DRAWS]
    assert (draws.reason, draws.person_id, draws.decided_at) == ("the law changed", ADA, later)
    kept = await company.fetch("select allowed, reason from allowance order by id")
    assert [tuple(row) for row in kept] == [(True, "counsel agreed"), (False, "the law changed")]


async def test_the_same_decision_again_is_the_first_one(company: asyncpg.Connection) -> None:
    for _ in range(3):
        await decide_allowance(company, CASH_OR_DAYS, True, "no US payroll", by=ADA, now=NOW)
    assert await company.fetchval("select count(*) from allowance") == 1
    assert await company.fetchval("select count(*) from audit") == 1


async def test_only_an_administrator_decides_and_only_with_a_reason(
    company: asyncpg.Connection,
) -> None:
    with pytest.raises(Refused, match="Only an administrator"):
        await decide_allowance(company, DRAWS, True, "I would like to", by=HELEN, now=NOW)
    with pytest.raises(Refused, match="Say why") as why:
        await decide_allowance(company, DRAWS, True, " ", by=ADA, now=NOW)
    assert why.value.field == "reason"
    with pytest.raises(Refused, match="no such thing"):
        await decide_allowance(company, "bribes", True, "why not", by=ADA, now=NOW)
    assert await company.fetchval("select count(*) from allowance") == 0
    assert await company.fetchval("select count(*) from audit") == 0
