"""Posts that were handed in are asked about before anybody looks, where a post's name says whose it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.polls.wanted import wanted_sql
from scoring import Of, Secrets, platforms
from scoring.accounts import link
from scoring.by_hand.answering import refuse
from scoring.by_hand.handed_in import HandedIn
from scoring.by_hand.stating import state
from scoring.platforms.platform import Named
from tests.scoring.scene import ANA, BEN, NOW, ZONE, hour, raise_curtain

MINE = "https://social.example/users/ben/statuses/115500000000000001"
AT = f"at://did:plc:{'b' * 24}/app.bsky.feed.post/3m4kqo2vuowo2"


async def asked(connection: Any, network: str) -> list[str]:
    """What a network's polls of posts would ask about."""
    polling = platforms()[network].polling
    assert polling is not None
    found = []
    for poll in polling.polls:
        if poll.of is Of.POSTS:
            rows = await connection.fetch(
                wanted_sql(poll, Secrets({})), network, NOW, NOW - timedelta(days=9_000)
            )
            found += [row["subject"] for row in rows]
    return found


@pytest.mark.parametrize(
    ("network", "account", "address", "subjects"),
    [
        (
            "mastodon",
            "ben@social.example",
            "https://social.example/@ben/115500000000000001",
            [MINE],
        ),
        ("bluesky", f"did:plc:{'b' * 24}", AT, [AT]),
        ("youtube", "UCabcdefghijklmnopqrstuv", "https://youtu.be/AbCdEfGhIjK", []),
        ("linkedin", "in/ben", "urn:li:activity:7391000003000000000", []),
    ],
)
async def test_a_network_is_asked_about_what_waits_only_where_it_can_answer_for_its_author(
    connection: Any, network: str, account: str, address: str, subjects: list[str]
) -> None:
    await raise_curtain(connection)
    await link(connection, BEN, network, Named(account, account), "every", hour(0))
    async with connection.transaction():
        handed = HandedIn(address, published_on=NOW.date())
        stated = await state(connection, BEN, handed, NOW, ZONE)
    assert await asked(connection, network) == subjects
    assert stated.statement_id is not None
    async with connection.transaction():
        await refuse(connection, stated.statement_id, by=ANA, reason="not a post", now=NOW)
    assert await asked(connection, network) == []
