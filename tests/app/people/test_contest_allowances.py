"""The administrator's page of what contests may do."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import asyncpg

from tests.app.people.visitor import Visitor, path

SignIn = Callable[..., Awaitable[Visitor]]
HERE = "/admin/contests"


async def test_draws_are_off_until_an_administrator_allows_them_with_a_reason(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    assert "off</span>" in (await root.get(HERE)).text
    mute = await root.send_form(HERE, HERE, name="draws", decision="allow", reason_draws=" ")
    assert mute.status_code == 422
    assert re.search(r'id="reason_draws-error">Say why', mute.text)
    assert await connection.fetchval("select count(*) from allowance") == 0
    said = {"name": "draws", "decision": "allow", "reason_draws": "Counsel agreed"}
    for _ in range(2):  # a double click
        answer = await root.send_form(HERE, HERE, **said)
        assert path(answer) == HERE
    assert "Counsel agreed" in answer.text
    assert "by Grace Hopper" in answer.text
    answer = await root.send_form(
        HERE, HERE, name="draws", decision="forbid", reason_draws="The law changed"
    )
    assert "Forbidden by Grace Hopper" in answer.text
    audit = await connection.fetch(
        "select action, subject from audit where action like 'allowance%' order by id"
    )
    assert [tuple(row) for row in audit] == [
        ("allowance_granted", "allowance:draws"), ("allowance_withdrawn", "allowance:draws")
    ]  # fmt: skip


async def test_every_network_stands_with_what_may_be_won_and_where_that_is_written(
    signed_in: SignIn,
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    html = (await root.get(HERE)).text
    assert "may win recognition only" in html
    assert "https://docs.x.com/developer-terms/policy" in html
    assert 'href="/admin/connections"' in html


async def test_nobody_else_sees_or_decides_it(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    hr = await signed_in("Helen Roth", "hr")
    assert (await hr.get(HERE)).status_code == 403
    sent = await hr.send_form(
        "/hr/contests/new", HERE, name="draws", decision="allow", reason_draws="I would like to"
    )
    assert sent.status_code == 403
    assert await connection.fetchval("select count(*) from allowance") == 0


async def test_a_thing_nobody_can_allow_and_a_decision_nobody_knows_change_nothing(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    for sent in (
        {"name": "bribes", "decision": "allow", "reason_bribes": "why not"},
        {"name": "draws", "decision": "perhaps", "reason_draws": "why not"},
        {"name": "draws", "decision": "allow", "reason_draws": "x" * 501},
    ):
        assert (await root.send_form(HERE, HERE, **sent)).status_code == 422
    assert await connection.fetchval("select count(*) from allowance") == 0
