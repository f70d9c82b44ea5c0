"""How much comes from each network, and what came last, with little history and with much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from scoring import begin_with_default, first_look, looked_at, paces
from scoring import pace as pacing
from scoring.newest import newest_delivery
from scoring.platforms import platforms
from tests.scoring.platforms.examples import delivered, examples

NOW = datetime.now(UTC)


async def came(
    connection: asyncpg.Connection[Any], network: str, count: int, ago: timedelta, source: str
) -> None:
    at = NOW - ago
    await connection.execute(
        """insert into delivery (recorded_on, platform, source, delivery_key, headers, body, received_at)
           select ($3::timestamptz at time zone 'UTC')::date, $1, $4, $1 || $3::text || n, '{}', '{}', $3
           from generate_series(1, $2) n""",
        network,
        count,
        at,
        source,
    )


async def test_the_last_hour_is_counted_by_network_and_way(
    connection: asyncpg.Connection[Any],
) -> None:
    await came(connection, "x", 7, timedelta(hours=2), "webhook")
    await came(connection, "mastodon", 3, timedelta(minutes=30), "stream")
    await came(connection, "mastodon", 2, timedelta(minutes=20), "webhook")
    found = [
        (one.platform, one.source, one.in_hour, one.about) for one in await paces(connection, NOW)
    ]
    assert found == [("mastodon", "stream", 3, False), ("mastodon", "webhook", 2, False)]


async def test_more_than_are_looked_at_are_carried_on_and_said_to_be_about_right(
    connection: asyncpg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "NEWEST", 60)
    await came(connection, "x", 100, timedelta(minutes=50), "webhook")
    await came(connection, "x", 60, timedelta(minutes=6), "webhook")
    (one,) = await paces(connection, NOW)
    assert (one.in_hour, one.about) == (600, True)


async def test_a_quiet_network_s_last_delivery_is_found_behind_a_storm_of_another(
    connection: asyncpg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.newest.NEWEST", 10)
    await came(connection, "mastodon", 1, timedelta(hours=30), "webhook")
    await came(connection, "x", 50, timedelta(minutes=1), "webhook")
    found = await newest_delivery(connection, "mastodon", NOW)
    assert found is not None
    assert found.platform == "mastodon"
    assert await newest_delivery(connection, "threads", NOW) is None


async def test_every_example_of_every_network_can_be_told_in_words(
    connection: asyncpg.Connection[Any],
) -> None:
    assert await first_look(connection, "x", now=NOW, zone=ZoneInfo("UTC")) is None
    await begin_with_default(connection, NOW - timedelta(days=1))
    seen = set()
    for name, path in examples():
        headers = delivered(name, b"{}").headers
        look = looked_at(delivered(name, path.read_bytes(), headers), None, ())
        assert look.trouble is None, path
        told = (look.deeds, look.ignored, look.removals, look.posts, look.figures, look.snapshots)
        assert any(told), path
        assert all(deed.worth == () for deed in look.deeds)  # without a rulebook nothing scores
        seen.add(look.platform)
    assert seen == set(platforms())
