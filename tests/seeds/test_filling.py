"""A small world goes the whole way: deliveries, facts, points, boards."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest

from app.settings import Settings
from scoring import Period, seasons, starts_on, watch
from seeds.copying import copyists
from seeds.filling import fill
from seeds.people import InstallationNotEmpty, ids_of
from seeds.words import DISCLOSURE_TAG
from seeds.world import World


def _silent(words: str, done: int, whole: int) -> None:
    pass


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    return replace(
        Settings(), database_url=database_url, redis_url=redis_url,
        disclosure_tag=f"#{DISCLOSURE_TAG}",
    )  # fmt: skip


async def test_a_small_world_ends_with_ranked_people(
    settings: Settings, connection: asyncpg.Connection
) -> None:
    world = await fill(settings, people=40, days=3, seed=5, tell=_silent)

    ranked = await connection.fetchval(
        "select count(*) from total where metric = 'points' and period = 'all' and value > 0"
    )
    assert ranked >= 5
    for queue in ("pending_delivery", "change", "outbox"):
        assert await connection.fetchval(f"select count(*) from {queue}") == 0
    assert await connection.fetchval("select count(*) from delivery_outcome") == 0

    await a_season_runs(settings, connection)
    await who_copied_is_found(connection, [one.number for one, _ in copyists(world)], world)


async def a_season_runs(settings: Settings, connection: asyncpg.Connection) -> None:
    """One since before the history, counted on its board, and the next."""
    today = starts_on(Period.DAY, datetime.now(UTC), settings.timezone)
    to_come, runs = await seasons(connection)
    assert runs.starts_on <= today <= runs.ends_on < to_come.starts_on
    assert runs.name != to_come.name
    boards = await connection.fetch(
        "select distinct starts_on from total where period = 'season' and metric = 'points'"
    )
    assert [row["starts_on"] for row in boards] == [runs.starts_on]


async def who_copied_is_found(
    connection: asyncpg.Connection, numbers: list[int], world: World
) -> None:
    """The worker's next round opens one case, about these people alone, and spares the first."""
    ids = await ids_of(connection, world)
    people = [ids[number] for number in numbers]
    assert len(people) == 3
    done = await watch(connection, datetime.now(UTC))
    assert (done.people, len(done.cases)) == (3, 1)
    case = await connection.fetchrow(
        "select kind, evidence from case_file where kind <> 'takeover'"
    )
    assert case["kind"] == "near_duplicates"
    assert json.loads(case["evidence"])["person_ids"] == sorted(people)
    held = await connection.fetch(
        """select o.person_id from hold h join engagement e on e.id = h.engagement_id
           join ownership o on o.account_id = e.actor_id where h.held"""
    )
    assert {row["person_id"] for row in held} == set(people[1:])


async def test_an_installation_with_people_is_left_alone(
    settings: Settings, connection: asyncpg.Connection
) -> None:
    await connection.execute("insert into person (recorded_at) values (now())")

    with pytest.raises(InstallationNotEmpty):
        await fill(settings, people=5, days=1, seed=5, tell=_silent)

    assert await connection.fetchval("select count(*) from person") == 1
    assert await connection.fetchval("select count(*) from delivery") == 0
