"""The large company is what the engine would have made of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from scoring.identity import account_id, credit_key, engagement_id, native_key
from scoring.intake import intake
from scoring.partitions import ensure_partitions
from scoring.rulebooks import adopt_rulebook
from scoring.rules import default_rulebook_toml
from scoring.score import score
from scoring.verify import verify
from seeds.people import InstallationNotEmpty
from seeds.scale import Size, load, loading, names, spool
from seeds.scale.days import moment, stamp
from seeds.scale.deed import told
from seeds.scale.lives import live
from seeds.scale.people import settle
from tests.databases import Databases

ZONE = ZoneInfo("Europe/Berlin")
TAG = "#TeamNorthwind"
# Two clock changes and a turn of the year lie in it.
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SIZE = Size(people=25, engagements=1_500, now=NOW, departments=3, offices=2)

SAME = {
    "person": "*",
    "profile": "*",
    "ownership": "account_id, effective_at, person_id, company, counts, recorded_at",
    "engagement": "id, platform, kind, native_id, native_key, actor_id, target_id, post_id, "
    "thread_id, occurred_at, dated, source, recorded_at",
    "post": "post_id, platform, native_id, author_id, published_at, recorded_at",
    "post_text": "post_id, text, url",
    "mark": "post_id, name, value, person_id, effective_at, recorded_at",
    "snapshot": "account_id, followers, observed_at, source, recorded_at",
    "answered": "*",
    "total": "metric, period, starts_on, person_id, value",
    "entry": "person_id, rule, relation, rule_window, key, points, reason, occurred_at, "
    "engagement_id, rulebook_id",
}


def silent(words: str, done: int, whole: int) -> None:
    pass


async def loaded(url: str, size: Size, directory: Path) -> Any:
    return await load(url, size, zone=ZONE, tag=TAG, directory=directory, tell=silent, processes=2)


@pytest.fixture
async def other(_migrated: Databases) -> AsyncIterator[asyncpg.Connection]:
    """A second database."""
    url = _migrated.fresh()
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()
    _migrated.drop(url)


async def scored(connection: asyncpg.Connection, size: Size) -> None:
    """The same lives told by deliveries, read and counted by the worker's own code."""
    await ensure_partitions(connection, size.now.date(), since=size.begins_at.date())
    await adopt_rulebook(
        connection, default_rulebook_toml(), name="Fanfare's own",
        valid_from=datetime(1970, 1, 1, tzinfo=UTC), recorded_at=size.known_at,
    )  # fmt: skip
    await settle(connection, size, lambda rows: None)
    sent = sorted(one for n in range(1, size.people + 1) for one in told(live(size, n), TAG))
    rows = []
    for number, (at, body) in enumerate(sent, start=1):
        received_at = moment(at) + timedelta(seconds=1)
        rows.append((number, received_at.date(), "standard", "webhook", f"msg_{number}", "{}", body,
                     received_at))  # fmt: skip
    columns = (
        "id", "recorded_on", "platform", "source", "delivery_key", "headers", "body", "received_at",
    )  # fmt: skip
    await connection.copy_records_to_table("delivery", columns=columns, records=rows)
    await connection.copy_records_to_table(
        "pending_delivery", columns=("delivery_id", "recorded_on"), records=[r[:2] for r in rows]
    )
    while (await intake(connection, now=NOW, limit=700, disclosure_tag=TAG)).claimed:
        pass
    while (await score(connection, now=NOW, zone=ZONE, limit=5_000)).changes:
        pass


async def rows(connection: asyncpg.Connection, table: str) -> list[tuple[Any, ...]]:
    found = await connection.fetch(f"select {SAME[table]} from {table}")
    return sorted((tuple(row) for row in found), key=repr)


async def test_what_is_loaded_is_what_a_worker_makes_of_deliveries_that_tell_the_same(
    connection: asyncpg.Connection, other: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    await loaded(database_url, SIZE, tmp_path)
    await scored(other, SIZE)

    for table in SAME:
        assert await rows(connection, table) == await rows(other, table), table
    for table in ("engagement", "entry", "answered", "total", "snapshot", "mark"):
        assert len(await rows(connection, table)) > SIZE.people, table
    kinds = await connection.fetch("select distinct relation || ' ' || rule as what from entry")
    assert len(kinds) >= 9  # nearly every rule has something to count
    assert not await other.fetchval("select exists (select from delivery_outcome)")


async def test_verify_agrees_and_the_worker_goes_on_from_there(
    connection: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    await loaded(database_url, SIZE, tmp_path)

    done = await verify(connection, zone=ZONE)
    assert done.agrees, done.differences[:3]
    assert done.people == SIZE.people

    # Everything counted once more moves nothing.
    await connection.execute(
        "insert into change (subject, subject_id) select 'engagement', id from engagement"
    )
    again = await score(connection, now=NOW, zone=ZONE, limit=10_000)
    assert (again.changes > SIZE.engagements - 1, again.entries) == (True, 0)


async def test_indexes_and_keys_are_laid_again_word_for_word(
    connection: asyncpg.Connection, database_url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(loading, "_FEW", 0)
    await ensure_partitions(connection, NOW.date(), since=SIZE.begins_at.date())
    before = await schema(connection)

    await loaded(database_url, SIZE, tmp_path)

    assert await schema(connection) == before
    assert (await verify(connection, zone=ZONE)).agrees


async def schema(connection: asyncpg.Connection) -> set[tuple[str, str]]:
    found = await connection.fetch(
        """select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
           where connamespace = 'public'::regnamespace and conparentid = 0 and contype <> 'n'
           union all
           select tablename::text, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON')
           from pg_indexes where schemaname = 'public'"""
    )
    return {tuple(row) for row in found}


async def test_an_installation_with_people_is_left_alone(
    connection: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    await connection.execute("insert into person (recorded_at) values (now())")

    with pytest.raises(InstallationNotEmpty):
        await loaded(database_url, SIZE, tmp_path)

    assert await connection.fetchval("select count(*) from person") == 1
    assert list(tmp_path.iterdir()) == []


async def test_a_load_that_breaks_off_leaves_nothing(
    connection: asyncpg.Connection, database_url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def broken(*_: object) -> Iterator[bytes]:
        raise OSError("the disk is full")

    monkeypatch.setattr(loading, "in_order", broken)

    with pytest.raises(OSError, match="full"):
        await loaded(database_url, SIZE, tmp_path)

    for table in ("person", "engagement", "rulebook"):
        assert not await connection.fetchval(f"select exists (select from {table})"), table
    assert await connection.fetchval("select to_regclass('engagement_target_ix') is not null")
    assert list(tmp_path.iterdir()) == []


def test_people_are_the_same_whoever_writes_them_and_add_up_to_what_was_asked() -> None:
    size = replace(SIZE, people=3_000, engagements=60_000)

    assert live(size, 77) == live(size, 77)
    deeds = [size.deeds_of(n) for n in range(1, size.people + 1)]
    assert sum(deeds) + sum(size.viral.values()) == size.engagements
    assert sorted(size.ranked(n) for n in range(size.people)) == list(range(1, size.people + 1))
    top = sum(sorted(deeds, reverse=True)[: size.people // 100])
    assert 0.15 < top / size.engagements < 0.5  # the first hundredth has a good part, not all


def test_rows_wait_on_the_disk_not_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "_HELD", 1_000)
    held = spool.Spool(tmp_path)
    most = 0
    for n in range(500):
        held.put("entry", n % 7, b"x" * 90)
        most = max(most, sum(map(len, held._rows.values())))
    assert most <= 1_000
    held.flush()
    assert sum(file.stat().st_size for file in tmp_path.glob("entry/*")) == 500 * 90


def test_ids_are_those_of_the_engine() -> None:
    target = account_id("standard", "person-1")
    assert names.account_key(b"person-1") == target.bytes
    assert names.native(b"p1-0") == native_key("standard", "p1-0").bytes
    for to in (target, None):
        key = None if to is None else to.bytes
        assert (
            names.deed_key("reply", b"d1-1", key)
            == engagement_id("standard", "reply", "d1-1", to).bytes
        )
    assert names.credit([names.dashed(target.bytes), "x"]) == credit_key(target, "x").bytes
    assert moment(stamp(NOW)) == NOW
