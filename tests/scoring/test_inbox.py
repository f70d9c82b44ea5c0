"""The life of a delivery between its receipt and its facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from scoring import inbox, set_aside
from scoring.inbox import Outcome, claim, record_outcomes

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def deliver(
    connection: asyncpg.Connection, key: str, *, body: bytes = b"{}", at: datetime = NOW
) -> int:
    id_ = await connection.fetchval(
        "with told as (insert into delivery (recorded_on, platform, source, delivery_key, headers,"
        " body, received_at) values ($1, 'mastodon', 'webhook', $2, '{\"x-event\": \"é\"}', $3, $4)"
        " returning id, recorded_on), queued as (insert into pending_delivery select * from told)"
        " select id from told",
        at.date(),
        key,
        body,
        at,
    )
    return int(id_)


async def settle(connection: asyncpg.Connection, outcome: Any, reason: str) -> list[int]:
    """What a worker does that makes the same of every delivery."""
    async with connection.transaction():
        claimed = (await claim(connection, 100)).deliveries
        await record_outcomes(
            connection, [Outcome.of(delivery, outcome, reason) for delivery in claimed], NOW
        )
    return [delivery.id for delivery in claimed]


async def test_a_claimed_delivery_is_as_it_was_sent(connection: asyncpg.Connection) -> None:
    body = b'{"a": "\xff\x00"}'
    id_ = await deliver(connection, "one", body=body)
    (claimed,) = (await claim(connection, 10)).deliveries
    assert (claimed.id, claimed.platform, claimed.body) == (id_, "mastodon", body)
    assert claimed.headers == {"x-event": "é"}
    assert claimed.received_at == NOW


async def test_deliveries_of_several_days_are_claimed_oldest_first(
    connection: asyncpg.Connection,
) -> None:
    ids = [
        await deliver(connection, str(n), at=NOW - timedelta(days=(n * 7) % 5)) for n in range(20)
    ]
    assert [delivery.id for delivery in (await claim(connection, 12)).deliveries] == ids[:12]
    assert [delivery.id for delivery in (await claim(connection, 100)).deliveries] == ids[12:]
    assert (await claim(connection, 100)).deliveries == []


async def test_two_workers_never_claim_the_same(
    connection: asyncpg.Connection, database_url: str
) -> None:
    ids = [await deliver(connection, str(n)) for n in range(10)]
    other = await asyncpg.connect(database_url)
    async with connection.transaction(), other.transaction():
        mine = (await claim(connection, 6)).deliveries
        theirs = (await claim(other, 100)).deliveries
        assert [delivery.id for delivery in (*mine, *theirs)] == ids
    await other.close()


async def test_a_worker_that_dies_leaves_its_deliveries_pending(
    connection: asyncpg.Connection, database_url: str
) -> None:
    ids = [await deliver(connection, str(n)) for n in range(3)]
    other = await asyncpg.connect(database_url)
    transaction = other.transaction()
    await transaction.start()
    assert len((await claim(other, 100)).deliveries) == 3
    assert (await claim(connection, 100)).deliveries == []
    other.terminate()
    for _ in range(100):  # PostgreSQL notices the broken connection in its own time
        if claimed := (await claim(connection, 100)).deliveries:
            break
    assert [delivery.id for delivery in claimed] == ids


async def test_large_deliveries_are_claimed_a_few_at_a_time(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "CLAIM_BYTES", 25_000)
    ids = [
        await deliver(connection, str(n), body=b"x" * 10_000, at=NOW - timedelta(days=n % 2))
        for n in range(8)
    ]
    rounds = []
    while claimed := (await claim(connection, 100)).deliveries:
        assert sum(len(delivery.body) for delivery in claimed) <= 25_000 + 10_000
        rounds.append([delivery.id for delivery in claimed])
    assert sorted(id_ for round_ in rounds for id_ in round_) == ids
    assert len(rounds) == 3


async def test_a_pending_delivery_without_its_raw_body_leaves_the_queue(
    connection: asyncpg.Connection,
) -> None:
    await connection.execute("insert into pending_delivery values (77, '2026-01-01')")
    id_ = await deliver(connection, "one")
    assert [delivery.id for delivery in (await claim(connection, 10)).deliveries] == [id_]
    assert await connection.fetchval("select count(*) from pending_delivery") == 0


async def test_what_cannot_be_read_is_listed_with_its_reason(
    connection: asyncpg.Connection,
) -> None:
    id_ = await deliver(connection, "one", body=b"not json")
    await settle(connection, "set_aside", "The body is no JSON: \x00 \ud800")
    (listed,) = await set_aside.set_aside_list(connection)
    assert (listed.delivery_id, listed.recorded_on) == (id_, date(2026, 11, 22))
    assert (listed.size, listed.times) == (8, 1)
    assert listed.reason == "The body is no JSON: \ufffd ?"
    assert await set_aside.set_aside_count(connection) == 1
    assert await set_aside.set_aside_list(connection, platform="x") == []


async def test_a_retried_delivery_is_pending_again_and_keeps_its_history(
    connection: asyncpg.Connection,
) -> None:
    id_ = await deliver(connection, "one")
    await settle(connection, "set_aside", "Unknown event.")
    assert await set_aside.retry(connection, None, NOW, "Retried by hand.") == [id_]
    assert await set_aside.set_aside_list(connection) == []
    assert await set_aside.retry(connection, None, NOW, "Retried by hand.") == []  # pending already

    await settle(connection, "set_aside", "Still unknown.")
    (listed,) = await set_aside.set_aside_list(connection)
    assert (listed.reason, listed.times) == ("Still unknown.", 2)

    await set_aside.retry(connection, [id_], NOW, "Retried by hand.")
    async with connection.transaction():
        # Its facts are stored: there is no outcome.
        assert len((await claim(connection, 10)).deliveries) == 1
    assert await set_aside.set_aside_list(connection) == []
    file = await set_aside.delivery_file(connection, id_)
    assert file is not None
    assert [outcome for _, outcome, _ in file.outcomes] == [
        "set_aside", "retried", "set_aside", "retried",
    ]  # fmt: skip
    assert not file.pending


async def test_ignored_deliveries_are_counted_and_can_be_retried_by_id(
    connection: asyncpg.Connection,
) -> None:
    for key in ("a", "b"):
        await deliver(connection, key)
    ids = await settle(connection, "ignored", "report.created tells nothing that is scored.")
    (counted,) = await set_aside.ignored_counts(connection, NOW - timedelta(hours=1))
    assert (counted.platform, counted.count, counted.last_at) == ("mastodon", 2, NOW)
    assert await set_aside.ignored_counts(connection, NOW + timedelta(hours=1)) == []
    assert await set_aside.retry(connection, None, NOW, "All.") == []
    assert await set_aside.retry(connection, [ids[0], 424242], NOW, "One.") == [ids[0]]


async def test_nothing_is_known_of_a_delivery_that_never_came(
    connection: asyncpg.Connection,
) -> None:
    assert await set_aside.delivery_file(connection, 1) is None
