"""An account is its id: a handle that changes makes nobody new."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scoring.accounts import accounts_of, link
from scoring.platforms.platform import Named
from scoring.store import store
from tests.scoring.platforms.examples import adapted, examples
from tests.scoring.scene import (
    ANA,
    NETWORK,
    NOW,
    account,
    by_rule,
    count,
    hour,
    raise_curtain,
    reply,
    tell,
    told,
)

_HANDLE = re.compile(rb'"(screen_name|username|in_reply_to_screen_name)"(\s*:\s*)"[^"]*"')


@pytest.mark.parametrize(
    "example", [path for name, path in examples() if name == "x"], ids=lambda path: path.stem
)
def test_x_tells_the_same_whatever_people_call_themselves(example: Path) -> None:
    body = example.read_bytes()
    renamed = _HANDLE.sub(rb'"\1"\2"renamed"', body)
    assert adapted("x", renamed).facts == adapted("x", body).facts


async def test_an_account_that_is_linked_under_a_new_handle_is_the_same_account(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    rows = await connection.fetchval("select count(*) from ownership")
    async with connection.transaction():
        id_ = await link(connection, ANA, NETWORK, Named("ana", "ana.renamed"), "every", NOW)
    assert id_ == account("ana")
    assert await connection.fetchval("select count(*) from ownership") == rows
    mine = await accounts_of(connection, ANA, NOW + timedelta(hours=1))
    assert "ana.renamed" in [one.handle for one in mine]


async def test_an_outsider_is_one_voice_by_the_id_and_two_ids_are_two(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r1", "out1", "ana", "p1", 1),
        reply("r2", "out1", "ana", "p1", 2),  # the same id, whatever the handle says now
        reply("r3", "out1-moved", "ana", "p1", 3),  # a new id: nobody tells who it is
    )
    await count(connection)
    assert (await by_rule(connection))["answered"] == 10


async def test_a_deed_of_1970_or_of_tomorrow_counts_for_nobody_and_at_no_other_time(
    connection: Any,
) -> None:
    """Before networks began nobody took part; what is dated ahead happened when it was received."""
    await raise_curtain(connection)
    ancient = reply("r1", "out1", "ana", "p1", -24 * 365 * 56)
    ahead = reply("r2", "out2", "ana", "p1", 500)
    received_at = hour(50)
    async with connection.transaction():
        await store(connection, told([ancient, ahead], received_at), now=NOW, disclosure_tag="#t")
    await count(connection)
    rows = await connection.fetch("select occurred_at from entry where rule = 'answered'")
    assert [row["occurred_at"] for row in rows] == [received_at]
