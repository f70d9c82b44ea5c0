"""Group commit: everyone is answered, nothing accepted is lost, one bad row fails alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app.webhooks import (
    DeliveryRow,
    GroupCommit,
    Kept,
    Lane,
    Limits,
    Overloaded,
    RowRefused,
    Unavailable,
)
from tests.databases import address_of

NOW = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)


def row(key: str, *, platform: str = "mastodon", at: datetime = NOW) -> DeliveryRow:
    return DeliveryRow.of(platform, key, {"x-event": "é"}, b"\x00\xff raw", at)


@asynccontextmanager
async def committing(database_url: str, limits: Limits | None = None) -> AsyncIterator[GroupCommit]:
    commit = GroupCommit(Lane(database_url, statement_timeout_s=1.0), limits)
    commit.start()
    try:
        yield commit
    finally:
        await commit.close()


async def stored(connection: asyncpg.Connection) -> list[str]:
    """The keys of what is stored, after checking that exactly that is pending."""
    rows = await connection.fetch(
        "select d.delivery_key, p.delivery_id from delivery d full join pending_delivery p"
        " on (p.delivery_id, p.recorded_on) = (d.id, d.recorded_on) order by d.id"
    )
    assert all(row["delivery_key"] and row["delivery_id"] for row in rows)
    return [row["delivery_key"] for row in rows]


async def test_a_delivery_is_stored_whole_and_queued(
    database_url: str, connection: asyncpg.Connection
) -> None:
    async with committing(database_url) as commit:
        assert await commit.submit(row("one")) is Kept.STORED
    (found,) = await connection.fetch("select * from delivery")
    assert found["body"] == b"\x00\xff raw"
    assert found["headers"] == '{"x-event": "é"}'
    assert (found["received_at"], found["recorded_on"]) == (NOW, NOW.date())
    assert await stored(connection) == ["one"]


async def test_the_day_of_a_delivery_is_that_of_utc() -> None:
    west = datetime.fromisoformat("2026-11-22T20:00:00-05:00")
    assert str(row("one", at=west).recorded_on) == "2026-11-23"


async def test_the_same_delivery_again_is_known_and_not_stored(
    database_url: str, connection: asyncpg.Connection
) -> None:
    async with committing(database_url) as commit:
        first = await asyncio.gather(*(commit.submit(row("one")) for _ in range(3)))
        assert first == [Kept.STORED, Kept.KNOWN, Kept.KNOWN]
        assert await commit.submit(row("one")) is Kept.KNOWN
        assert await commit.submit(row("one", platform="x")) is Kept.STORED
    assert await stored(connection) == ["one", "one"]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"delivery_key": "a\x00b"}, id="a NUL in the key"),
        pytest.param({"delivery_key": "\ud800"}, id="half a character"),
        pytest.param({"delivery_key": ""}, id="no key"),
        pytest.param({"headers": '{"a": "\\u0000"}'}, id="a NUL in the headers"),
        pytest.param({"headers": "no json"}, id="headers that are no JSON"),
        pytest.param({"source": "hearsay"}, id="an unknown source"),
        pytest.param({"body": b"x" * (2**20 + 1)}, id="too large for the table"),
    ],
)
async def test_one_bad_row_fails_alone(
    database_url: str, connection: asyncpg.Connection, bad: dict[str, object]
) -> None:
    rows = [row(f"{n:03}") for n in range(50)]
    rows[33] = replace(rows[33], **bad)
    async with committing(database_url) as commit:
        answers = [commit.submit(one) for one in rows]
        outcomes = await asyncio.gather(*answers, return_exceptions=True)
        assert isinstance(outcomes.pop(33), RowRefused)
        assert set(outcomes) == {Kept.STORED}
        assert await commit.submit(row("afterwards")) is Kept.STORED
    assert len(await stored(connection)) == 50


async def test_a_mistake_of_ours_answers_everyone_and_ends_nothing(database_url: str) -> None:
    async with committing(database_url) as commit:
        answers = [
            commit.submit(row("one")),
            commit.submit(replace(row("two"), platform=None)),  # type: ignore[arg-type]
        ]
        outcomes = await asyncio.gather(*answers, return_exceptions=True)
        assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
        assert await commit.submit(row("one")) is Kept.STORED


@pytest.mark.parametrize("key", ["a\x00b", "\ud800", "", "k" * 5000, "\u2317 looks like a hash"])
def test_a_key_that_could_not_be_stored_is_stored_as_its_hash(key: str) -> None:
    storable = row(key).delivery_key
    assert storable != key
    assert len(storable) == 65
    assert row(key + "b").delivery_key != storable


async def test_when_too_much_waits_the_next_is_sent_away(database_url: str) -> None:
    async with committing(database_url, Limits(waiting_rows=3)) as commit:
        answers = [commit.submit(row(str(n))) for n in range(3)]
        with pytest.raises(Overloaded):
            commit.submit(row("one too many"))
        assert set(await asyncio.gather(*answers)) == {Kept.STORED}
        assert await commit.submit(row("later")) is Kept.STORED


async def test_what_waits_is_bounded_in_bytes_too(database_url: str) -> None:
    async with committing(database_url, Limits(waiting_bytes=12)) as commit:
        answer = commit.submit(row("one"))  # 6 bytes
        commit.submit(row("two"))
        with pytest.raises(Overloaded):
            commit.submit(row("three"))
        assert await answer is Kept.STORED


async def test_batches_are_bounded_and_all_are_stored(
    database_url: str, connection: asyncpg.Connection
) -> None:
    async with committing(database_url, Limits(batch_rows=7, batch_bytes=20)) as commit:
        answers = [commit.submit(row(str(n))) for n in range(40)]
        assert set(await asyncio.gather(*answers)) == {Kept.STORED}
    assert len(await stored(connection)) == 40


async def kill_lanes(connection: asyncpg.Connection) -> int:
    return int(
        await connection.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where application_name = 'fanfare deliveries' and datname = current_database()"
        )
    )


async def test_killed_connections_lose_nothing_that_was_accepted(
    database_url: str, connection: asyncpg.Connection
) -> None:
    outcomes: dict[str, Kept] = {}
    stop = asyncio.Event()

    async def sender(commit: GroupCommit, name: int) -> None:
        number = 0
        while not stop.is_set():
            key = f"{name}-{number}"
            outcomes[key] = await commit.submit(row(key))
            number += 1

    async with committing(database_url) as commit:
        senders = [asyncio.create_task(sender(commit, name)) for name in range(20)]
        killed = 0
        for _ in range(6):
            so_far = len(outcomes)
            while len(outcomes) < so_far + 2 * len(senders):  # in the middle of work, however slow
                await asyncio.sleep(0.005)
            killed += await kill_lanes(connection)
        stop.set()
        await asyncio.gather(*senders)
    assert killed >= 4
    assert len(outcomes) > 100
    assert sorted(await stored(connection)) == sorted(outcomes)


async def test_an_idle_connection_that_died_is_replaced(
    database_url: str, connection: asyncpg.Connection
) -> None:
    async with committing(database_url) as commit:
        assert await commit.submit(row("one")) is Kept.STORED
        assert await kill_lanes(connection) == 1
        assert await commit.submit(row("two")) is Kept.STORED


@asynccontextmanager
async def postgresql_away(database_url: str) -> AsyncIterator[None]:
    """As after a failover: connections are cut and no new one is accepted."""
    name = database_url.rpartition("/")[2].partition("?")[0]
    elsewhere = await asyncpg.connect(address_of(database_url, "postgres"))
    try:
        await elsewhere.execute(f'alter database "{name}" allow_connections false')
        await elsewhere.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name
        )
        yield
        await elsewhere.execute(f'alter database "{name}" allow_connections true')
    finally:
        await elsewhere.close()


async def test_a_short_absence_is_waited_for(database_url: str) -> None:
    async with committing(database_url) as commit:
        async with postgresql_away(database_url):
            answers = [commit.submit(row(str(n))) for n in range(10)]
            await asyncio.sleep(0.2)
            assert not any(answer.done() for answer in answers)
        assert set(await asyncio.gather(*answers)) == {Kept.STORED}


async def test_in_a_long_absence_everyone_is_sent_away_and_afterwards_all_is_well(
    database_url: str,
) -> None:
    async with committing(database_url, Limits(patience_s=0.3)) as commit:
        assert await commit.submit(row("before")) is Kept.STORED
        async with postgresql_away(database_url):
            answers = [commit.submit(row(str(n))) for n in range(10)]
            outcomes = await asyncio.gather(*answers, return_exceptions=True)
            assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
            with pytest.raises(Unavailable, match="away"):  # at once, without waiting
                commit.submit(row("11"))
        async with asyncio.timeout(30):
            while True:
                try:
                    assert await commit.submit(row("after")) in Kept
                    break
                except Unavailable:
                    await asyncio.sleep(0.05)


async def test_a_process_may_start_before_postgresql(database_url: str) -> None:
    async with postgresql_away(database_url):
        commit = GroupCommit(Lane(database_url))
        commit.start()
        answer = commit.submit(row("early"))
        await asyncio.sleep(0.1)
    assert await answer is Kept.STORED
    await commit.close()


async def test_a_statement_that_hangs_is_given_up_and_tried_again(
    database_url: str, connection: asyncpg.Connection
) -> None:
    async with committing(database_url, Limits(patience_s=5)) as commit:
        assert await commit.submit(row("before")) is Kept.STORED
        async with connection.transaction():
            await connection.execute("lock table delivery in access exclusive mode")
            answer = commit.submit(row("one"))
            await asyncio.sleep(1.3)  # longer than the statement's time
            assert not answer.done()
        assert await answer is Kept.STORED


async def test_closing_stores_what_waits_and_answers_all(
    database_url: str, connection: asyncpg.Connection
) -> None:
    async with committing(database_url) as commit:
        answers = [commit.submit(row(str(n))) for n in range(1200)]
    assert {answer.result() for answer in answers} == {Kept.STORED}
    assert len(await stored(connection)) == 1200
    with pytest.raises(Unavailable):
        commit.submit(row("too late"))


async def test_closing_without_postgresql_answers_all(database_url: str) -> None:
    async with committing(database_url, Limits(patience_s=0.2)) as commit:
        await commit.submit(row("before"))
        async with postgresql_away(database_url):
            answers = [commit.submit(row(str(n))) for n in range(5)]
            await commit.close()
    assert all(isinstance(answer.exception(), Unavailable) for answer in answers)


async def test_who_hung_up_does_not_disturb_the_others(
    database_url: str, connection: asyncpg.Connection
) -> None:
    async with committing(database_url) as commit:
        answers = [commit.submit(row(str(n))) for n in range(10)]
        answers[4].cancel()
        outcomes = await asyncio.gather(*answers, return_exceptions=True)
    assert outcomes.count(Kept.STORED) == 9
    assert len(await stored(connection)) == 10


async def test_two_processes_with_the_same_deliveries_store_each_once(
    database_url: str, connection: asyncpg.Connection
) -> None:
    async with committing(database_url) as one, committing(database_url) as other:
        keys = [f"{n:03}" for n in range(300)]
        answers = [
            commit.submit(row(key, at=NOW + timedelta(seconds=int(key) % 3)))
            for key, commit in [(k, one) for k in keys] + [(k, other) for k in reversed(keys)]
        ]
        outcomes = await asyncio.gather(*answers)
    # A repetition counts as known on either side of the same UTC day.
    assert outcomes.count(Kept.STORED) == 300
    assert sorted(await stored(connection)) == keys
