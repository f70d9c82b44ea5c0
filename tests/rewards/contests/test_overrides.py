"""What an administrator decided about a network holds for what is published from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from rewards import form_context
from rewards.contests.charter import Charter
from rewards.contests.form import FormContext, NetworkPolicy, read_form
from rewards.contests.warnings import warnings
from scoring import Incentive, NotDecided, decide_incentive, incentive_of, incentives, platforms
from tests.rewards.contests.office import CONTEXT, FORM

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


async def context(connection: asyncpg.Connection, now: datetime = LATER) -> FormContext:
    return await form_context(
        connection, 0, by=1, zone=ZoneInfo("UTC"), company="Acme", disclosure_tag="#", now=now
    )


def charter(networks: Mapping[str, NetworkPolicy], chosen: str) -> Charter | None:
    made, _ = read_form({**FORM, "networks": chosen}, replace(CONTEXT, networks=networks))
    return made


async def test_without_a_decision_every_network_s_own_policy_holds(
    connection: asyncpg.Connection,
) -> None:
    policies = (await context(connection)).networks
    for name, network in platforms().items():
        assert policies[name].mode == network.incentive.mode.value
        assert policies[name].override is None


async def test_a_decision_for_money_stands_in_the_charter_beside_the_networks_own_rule(
    connection: asyncpg.Connection,
) -> None:
    for name, reason in (("x", "X agreed in writing"), ("youtube", "Google agreed, too")):
        await decide_incentive(connection, name, "cash", reason, by=None, now=NOW)
    held = await context(connection)
    made = charter(held.networks, "x,youtube")
    assert made is not None
    told = {network.name: network for network in made.networks}
    assert {network.mode for network in made.networks} == {"cash"}
    assert told["x"].override == "X agreed in writing"
    assert told["x"].reason == platforms()["x"].incentive.reason
    said = [one for one in warnings(made, held) if one.level == "forbidden"]
    assert said == []
    # Before the decision it did not hold.
    before = (await context(connection, NOW - timedelta(seconds=1))).networks
    assert before["x"].override is None


@pytest.mark.parametrize("mode", ["recognition", "off"])
async def test_a_decision_for_less_is_the_rule_here(
    connection: asyncpg.Connection, mode: str
) -> None:
    await decide_incentive(
        connection, "mastodon", mode, "The works council asked", by=None, now=NOW
    )
    held = await context(connection)
    assert held.networks["mastodon"].mode == mode
    assert held.networks["mastodon"].override is None
    assert "The works council asked" in held.networks["mastodon"].reason
    made = charter(held.networks, "mastodon")
    assert (made is None) is (mode == "off")


async def test_the_newest_decision_holds_and_none_is_changed_or_taken_away(
    connection: asyncpg.Connection,
) -> None:
    for hour, mode in enumerate(("cash", "off", "own")):
        at = NOW + timedelta(hours=hour)
        await decide_incentive(connection, "x", mode, f"because of {mode}", by=None, now=at)
    held = [
        (await incentive_of(connection, "x", NOW + timedelta(hours=hour))).mode for hour in range(3)
    ]
    assert held == [Incentive.CASH, Incentive.OFF, Incentive.RECOGNITION]
    everything = await incentives(connection, NOW)
    assert everything.keys() == platforms().keys()
    for statement in ("update policy_override set mode = 'cash'", "delete from policy_override"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(statement)
    assert await connection.fetchval("select count(*) from audit") == 3


@pytest.mark.parametrize(
    ("network", "mode", "reason"),
    [("x", "cash", "  "), ("x", "gold", "because"), ("nowhere", "cash", "because"), ("x", "cash", "a" * 501)],
)  # fmt: skip
async def test_what_cannot_be_decided_changes_nothing(
    connection: asyncpg.Connection, network: str, mode: str, reason: str
) -> None:
    with pytest.raises(NotDecided):
        await decide_incentive(connection, network, mode, reason, by=None, now=NOW)
    assert await connection.fetchval("select count(*) from policy_override") == 0
