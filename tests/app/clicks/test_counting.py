"""Laws of counting behind the visitors' backs: nothing noted is lost, and what is held is bounded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from litestar.stores.redis import RedisStore
from redis.asyncio import Redis

from app.clicks import known
from app.clicks.counting import Counting, Knock
from app.clicks.known import KnownLinks
from app.database import opened
from app.settings import Settings
from app.webhooks import GroupCommit, Lane
from scoring import intake, make_link

BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36"
)
PERSON = 1  # the first of a fresh database


@pytest.fixture
async def code(connection: asyncpg.Connection, database_url: str) -> AsyncIterator[str]:
    """A link of somebody's, in a database that is open."""
    now = datetime.now(UTC) - timedelta(minutes=1)
    await connection.execute("insert into person (recorded_at) values ($1)", now)
    async with opened(database_url, least=1, most=4):
        yield await make_link(connection, PERSON, "https://example.org/", "News", now)


def knock(code: str, number: int) -> Knock:
    """Somebody with a browser of that number."""
    headers = [(b"user-agent", BROWSER.format(number).encode())]
    return Knock(code, PERSON, headers, f"198.51.100.{number % 50}", datetime.now(UTC))


async def test_an_orderly_end_commits_all_that_was_noted_also_what_postgresql_did_not_take_at_first(
    connection: asyncpg.Connection, database_url: str, redis: Redis, code: str
) -> None:
    commit = GroupCommit(Lane(database_url))  # not begun: whatever is brought is sent away
    counting = Counting(Settings(), commit, RedisStore(redis, namespace="test"))
    counting.start()
    for number in range(300):
        counting.note(knock(code, number % 250))
    for _ in range(200):
        if counting.waiting == 250:  # fifty were the same browsers again
            break
        await asyncio.sleep(0.02)
    assert counting.waiting == 250
    assert not await connection.fetchval("select count(*) from delivery")
    commit.start()
    await counting.close()
    await commit.close()
    assert counting.waiting == 0
    rows = await connection.fetch("select body, source from delivery")
    assert sum(len(json.loads(row["body"])["openings"]) for row in rows) == 250
    assert {row["source"] for row in rows} == {"link"}
    while (await intake(connection, now=datetime.now(UTC))).claimed:
        pass
    told = await connection.fetch("select distinct source, kind from engagement")
    assert [tuple(row) for row in told] == [("link", "click")]
    assert await connection.fetchval("select count(*) from engagement") == 250


async def test_whoever_makes_up_browsers_at_one_address_is_so_many_visitors_and_no_more(
    redis: Redis, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.clicks.counting.MOST_FROM_ONE_PLACE", 3)
    # Nothing is stored meanwhile: what is to be stored waits.
    counting = Counting(Settings(), GroupCommit(Lane("")), RedisStore(redis, namespace="test"))
    await counting._known_keys({counting._day(datetime.now(UTC))})

    def opened_from(*places: str) -> int:
        before = len(counting._opened)
        for number, place in enumerate(places):
            counting._look_at(knock(code, number)._replace(peer=place))
        return len(counting._opened) - before

    assert opened_from(*["198.51.100.200"] * 10) == 3
    assert opened_from(*(f"2001:db8:1:1::{number:x}" for number in range(10))) == 3
    assert opened_from("::ffff:198.51.100.200") == 0
    assert opened_from("198.51.100.201", "2001:db8:1:2::1") == 2


async def test_what_waits_is_bounded_and_what_is_too_much_is_led_on_uncounted(
    redis: Redis, database_url: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.clicks.counting._MOST", 40)
    commit = GroupCommit(Lane(database_url))
    counting = Counting(Settings(), commit, RedisStore(redis, namespace="test"))
    for number in range(100):
        counting.note(knock(code, number))
    assert counting.waiting == 40


async def test_codes_that_nobody_made_push_no_link_out_of_memory(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "_KEPT", 2)
    monkeypatch.setattr(known, "_KEPT_OF_NOBODY", 3)
    links = KnownLinks()
    assert await links.find(code) is not None
    for number in range(20):
        assert await links.find(f"nobodys-{number:04}") is None
    found = links.at_hand(code)
    assert found is not None
    assert found.found.target == "https://example.org/"
    assert len(links._nobodys) == 3
