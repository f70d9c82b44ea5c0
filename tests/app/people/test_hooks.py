"""The administrator's page of hooks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import asyncpg

from tests.app.people.visitor import Visitor, path

SignIn = Callable[..., Awaitable[Visitor]]


async def test_a_hook_is_added_tried_paused_and_removed(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    typed = {"label": "Payroll", "url": "https://example.org/told", "event:award.paid": "yes"}
    answer = await root.send_form("/admin/hooks", "/admin/hooks", **typed)
    assert path(answer) == "/admin/hooks/1"
    assert "whsec_" in answer.text
    answer = await root.send_form("/admin/hooks/1", "/admin/hooks/1/test")
    assert "fanfare.test" in answer.text
    answer = await root.send_form("/admin/hooks/1", "/admin/hooks/1/pause")
    assert "paused" in answer.text
    await root.send_form("/admin/hooks/1", "/admin/hooks/1/resume")
    answer = await root.send_form("/admin/hooks/1", "/admin/hooks/1/remove")
    assert path(answer) == "/admin/hooks"
    assert "Nobody is told yet" in answer.text
    assert (await root.get("/admin/hooks/1")).status_code == 404
    done = await connection.fetch("select action from audit where action like 'hook%' order by id")
    assert [row["action"] for row in done] == [
        "hook_made", "hook_paused", "hook_resumed", "hook_removed"
    ]  # fmt: skip


async def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    typed = {"label": "", "url": "https://10.0.0.1/told"}
    answer = await root.send_form("/admin/hooks", "/admin/hooks", **typed)
    assert answer.status_code == 422
    assert "Say what this is" in answer.text
    assert "is inside a network" in answer.text
    assert "Choose at least one event." in answer.text
    assert 'value="https://10.0.0.1/told"' in answer.text
    assert await connection.fetchval("select count(*) from hook") == 0


async def test_a_hook_that_is_not_there_is_not_found(signed_in: SignIn) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    for unknown in ("/admin/hooks/7", "/admin/hooks/99999999999999999999", "/admin/hooks/0"):
        assert (await root.get(unknown)).status_code == 404
