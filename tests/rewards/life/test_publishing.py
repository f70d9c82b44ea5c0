"""Publishing a form: who may, what is refused, two at once, a double click, an override on record."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import msgspec
import pytest

from rewards.budgets import BudgetExhausted, balances
from rewards.contests.drafts import StaleForm, new_draft, read_draft, save_draft
from rewards.contests.form import FormContext
from rewards.contests.form_context import form_context
from rewards.contests.publishing import Forbidden, NotReady, publish
from rewards.contests.record import read
from rewards.contests.withdrawing import withdraw
from rewards.refusal import Refused
from tests.rewards.life.world import ADMIN, EUROS, FIRST, HR, HR2, NOW, TAG, ZONE, found
from tests.scoring.test_once import Killed, Mortal

FORM = {
    "name": "Conversation starters",
    "metric": "responses",
    "networks": "standard,x",
    "start_on": "2026-12-01",
    "start_time": "09:00",
    "end_on": "2026-12-21",
    "end_time": "00:00",
    "contact": "hr@halden.example",
    "prize_1_for": "place",
    "prize_1_kind": "cash",
    "prize_1_what": "€200",
    "prize_1_from": "1",
    "prize_1_to": "2",
}


async def context(connection: Any, contest: int, by: int = HR) -> FormContext:
    return await form_context(
        connection, contest, by=by, now=NOW, zone=ZONE, company="Halden", disclosure_tag=TAG
    )


async def draft(connection: Any, **changes: str) -> int:
    contest, _ = await new_draft(connection, by=HR, form={**FORM, **changes}, now=NOW)
    return contest


async def go(connection: Any, contest: int, by: int = HR, version: int = 1, **more: Any) -> Any:
    return await publish(
        connection, contest, version, by=by, now=NOW,
        context=await context(connection, contest, by), **more,
    )  # fmt: skip


async def test_what_the_form_says_is_in_force_under_its_hash(connection: Any) -> None:
    await found(connection)
    contest = await draft(connection)
    charter = await go(connection, contest)
    assert (charter.contest_id, charter.slug, charter.proposer_id) == (
        contest, "conversation-starters", HR,
    )  # fmt: skip
    assert [(one.name, one.mode) for one in charter.networks] == [
        ("standard", "cash"), ("x", "recognition"),
    ]  # fmt: skip
    kept = await read(connection, contest)
    assert (kept.published, kept.sha256) == (charter, charter.sha256)
    assert (await balances(connection))[EUROS].reserved == 40_000


async def test_a_double_click_is_the_first_click(connection: Any, database_url: str) -> None:
    await found(connection)
    contest = await draft(connection)
    other = await asyncpg.connect(database_url)
    first, second = await asyncio.gather(go(connection, contest), go(other, contest))
    await other.close()
    assert first == second == await go(connection, contest)
    assert await connection.fetchval("select count(*) from charter") == 1
    assert (await balances(connection))[EUROS].reserved == 40_000


async def test_of_two_people_who_publish_at_once_one_hears_who_was_first(
    connection: Any, database_url: str
) -> None:
    await found(connection)
    contest = await draft(connection)
    other = await asyncpg.connect(database_url)
    done = await asyncio.gather(
        go(connection, contest), go(other, contest, HR2), return_exceptions=True
    )
    await other.close()
    (refused,) = [one for one in done if isinstance(one, Exception)]
    assert isinstance(refused, Refused)
    assert "published this contest already" in str(refused)
    assert await connection.fetchval("select count(*) from charter") == 1


async def test_a_version_that_was_not_looked_at_is_not_published(connection: Any) -> None:
    await found(connection)
    contest = await draft(connection)
    await save_draft(connection, contest, {**FORM, "name": "Other"}, 1, by=HR2, now=NOW)
    with pytest.raises(StaleForm, match="changed after you looked at it"):
        await go(connection, contest)
    assert not (await read_draft(connection, contest)).published


@pytest.mark.parametrize("by", [FIRST, ADMIN])
async def test_only_hr_publishes(connection: Any, by: int) -> None:
    await found(connection)
    contest = await draft(connection)
    with pytest.raises(Refused, match="role HR"):
        await go(connection, contest, by)


async def test_more_than_there_is_is_refused_with_the_missing_amount(connection: Any) -> None:
    await found(connection)
    contest = await draft(connection, prize_1_what="€500.01")
    with pytest.raises(BudgetExhausted, match=r"€0\.02 are missing"):
        await go(connection, contest)
    assert not (await read_draft(connection, contest)).published


async def test_a_form_that_lacks_something_is_refused_beside_its_field(connection: Any) -> None:
    await found(connection)
    contest = await draft(connection, end_on="2026-11-30")
    with pytest.raises(NotReady) as refused:
        await go(connection, contest)
    assert refused.value.field == "end_on"


async def test_what_is_forbidden_needs_an_administrators_reason_which_the_charter_keeps(
    connection: Any,
) -> None:
    await found(connection)
    contest = await draft(connection, networks="x")
    with pytest.raises(Forbidden, match="An administrator can publish it"):
        await go(connection, contest)
    with pytest.raises(Refused):
        await go(connection, contest, override="I want it")
    await connection.execute(
        """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
           values ($1, 'administrator', true, null, $2)""",
        HR2,
        NOW,
    )
    charter = await go(connection, contest, HR2, override="X allowed it in writing")
    (network,) = charter.networks
    assert (network.mode, network.override) == ("cash", "X allowed it in writing")
    actions = await connection.fetch("select action, detail from audit where person_id = $1", HR2)
    assert "network_overridden" in {row["action"] for row in actions}


async def test_publishing_killed_before_any_statement_leaves_nothing(connection: Any) -> None:
    await found(connection)
    contest = await draft(connection)
    with_context = await context(connection, contest)
    tables = ("charter", "contest_event", "contest_seed", "reservation", "transfer", "audit",
              "outgoing_event")  # fmt: skip

    async def rows() -> list[int]:
        return [await connection.fetchval(f"select count(*) from {table}") for table in tables]

    before = await rows()
    for statements in range(1000):
        try:
            await publish(
                Mortal(connection, statements), contest, 1, by=HR, now=NOW, context=with_context
            )
            break
        except Killed:
            assert await rows() == before
            assert not (await read_draft(connection, contest)).published
            assert (await balances(connection))[EUROS].reserved == 0
    assert statements > 10
    assert (await balances(connection))[EUROS].reserved == 40_000


async def test_a_contest_that_was_taken_back_can_be_published_anew(connection: Any) -> None:
    await found(connection)
    contest = await draft(connection)
    first = await go(connection, contest)
    await withdraw(connection, contest, by=HR, reason="", now=NOW)
    version = await save_draft(
        connection, contest, {**FORM, "prize_1_what": "€100"}, 1, by=HR, now=NOW
    )
    second = await go(connection, contest, version=version)
    assert msgspec.structs.asdict(second)["prizes"] != msgspec.structs.asdict(first)["prizes"]
    assert (await balances(connection))[EUROS].reserved == 20_000
    assert (await read(connection, contest)).sha256 == second.sha256
