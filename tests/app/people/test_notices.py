"""One's own list of what one was told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import asyncpg

from rewards.notices import notify
from tests.app.people.visitor import Visitor

SignIn = Callable[..., Awaitable[Visitor]]


async def test_one_sees_what_one_was_told_and_chooses_what_comes(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    assert "Nothing yet" in (await ada.get("/me/notices")).text
    own = await connection.fetchval("select person_id from profile")
    detail = {"contest": "<b>New</b> voices", "amount": "€25"}
    await notify(connection, own, "award_won", detail, key="1", now=datetime.now(UTC))
    first, second = await ada.get("/me/notices"), await ada.get("/me/notices")
    assert "&lt;b&gt;New&lt;/b&gt; voices" in first.text
    assert ">new</span>" in first.text
    assert ">new</span>" not in second.text
    answer = await ada.send_form(
        "/me/notices", "/me/notices",
        **{"offered:contest_overtaken": "yes", "contest_overtaken": "yes"},
    )  # fmt: skip
    assert "Saved." in answer.text
    rows = await connection.fetch("select kind, wanted from notice_choice")
    assert [tuple(row) for row in rows] == [("contest_overtaken", True)]
