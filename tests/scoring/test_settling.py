"""What networks settle of posts that were handed in, where more wait than fit into a round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from scoring.accounts import unlink
from scoring.by_hand import settling
from scoring.by_hand.answering import confirm
from scoring.by_hand.handed_in import HandedIn, Picture
from scoring.by_hand.listed import own_statements
from scoring.by_hand.settling import settle_told
from scoring.by_hand.stating import state
from scoring.facts import Kind, Post
from tests.scoring.scene import ANA, BEN, CEM, NOW, ZONE, account, hour, raise_curtain, tell

FIRST, SECOND = "2117542000000000000", "2117542000000000001"


async def said(connection: Any, person: int, name: str, post: str, *, figures: bool) -> int:
    async with connection.transaction():
        handed = HandedIn(
            f"https://x.com/{name}/status/{post}", account(name),
            counts={Kind.REPLY: 2} if figures else {},
            picture=Picture("image/png", b"pixels") if figures else None,
        )  # fmt: skip
        stated = await state(connection, person, handed, NOW, ZONE)
    assert stated.statement_id is not None
    return stated.statement_id


@pytest.fixture
async def stage(connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody's accounts, and rounds of one."""
    await raise_curtain(connection)
    for name in ("ana", "ben", "cem"):
        await connection.execute(
            "insert into account_face values ($1, $2, null, false, false)", account(name), name
        )
    monkeypatch.setattr(settling, "_MOST", 1)


async def test_what_waits_for_people_keeps_no_other_post_waiting(
    connection: Any, stage: None
) -> None:
    await said(connection, ANA, "ana", FIRST, figures=True)  # until communications looks at it
    await said(connection, BEN, "ben", SECOND, figures=False)
    await tell(connection, Post(FIRST, "ana", hour(1)), Post(SECOND, "ben", hour(1)))
    for minute in range(20):
        await settle_told(connection, NOW + timedelta(minutes=minute))
    assert [one.outcome for one in await own_statements(connection, BEN)] == ["confirmed"]
    assert [one.outcome for one in await own_statements(connection, ANA)] == [None]


async def test_who_unlinks_is_not_behind_those_who_linked_lately(
    connection: Any, stage: None
) -> None:
    first = await said(connection, ANA, "ana", FIRST, figures=True)
    await said(connection, CEM, "cem", SECOND, figures=True)
    assert await confirm(connection, first, by=BEN, now=NOW)
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, $2, $3, false, 'every', $2)""",
        account("ana"),
        NOW,
        ANA,
    )
    await unlink(connection, CEM, account("cem"), NOW)
    await settle_told(connection, NOW + timedelta(minutes=1))
    (own,) = await own_statements(connection, CEM)
    assert (own.outcome, own.address) == ("withdrawn", None)
    (kept,) = await own_statements(connection, ANA)
    assert kept.address is not None
