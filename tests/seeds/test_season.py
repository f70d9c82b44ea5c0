"""The demo's contests: all stages, real winners, books that balance, one that ends before one's eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from redis.asyncio import Redis

from app.settings import Settings
from rewards import (
    AwardState,
    Stage,
    awards,
    budgets,
    check_books,
    every_contest,
    refresh,
    tick,
    verify_contest,
)
from scoring import verify
from seeds import sprint
from seeds.budgets import Office, office
from seeds.filling import fill
from seeds.people import ids_of
from seeds.words import DISCLOSURE_TAG
from seeds.world import World

NOW = datetime(2026, 11, 18, 11, 20, 7, tzinfo=UTC)
PEOPLE, DAYS, SEED = 60, 50, 2026
TAG = f"#{DISCLOSURE_TAG}"


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    return replace(Settings(), database_url=database_url, redis_url=redis_url, disclosure_tag=TAG)


async def test_a_played_season_has_every_stage_and_agrees_with_every_recount(
    settings: Settings, connection: asyncpg.Connection, redis_url: str
) -> None:
    world = await fill(settings, people=PEOPLE, days=DAYS, seed=SEED, tell=lambda *_: None, now=NOW)
    team = office(world, await ids_of(connection, world))
    found = {one.slug: one.stage(NOW) for one in await every_contest(connection)}
    assert found == {
        "every-answer-counts": Stage.CLOSED,
        "fresh-faces": Stage.ANNOUNCED,
        "a-fortnight-of-stories": Stage.DECIDED,
        "conversation-starters": Stage.RUNNING,
        "team-month": Stage.RUNNING,
        "new-voices": Stage.SCHEDULED,
        "most-improved": Stage.DRAFT,
    }
    assert await check_books(connection) == []
    for slug, stage in found.items():
        if stage is not Stage.DRAFT:
            assert await verify_contest(connection, slug) == [], slug
    redis = Redis.from_url(redis_url)
    try:
        assert (await verify(connection, zone=settings.timezone, redis=redis)).agrees
    finally:
        await redis.aclose()

    every = await awards(connection)
    assert {AwardState.PROPOSED, AwardState.ACCEPTED, AwardState.PAID} <= {a.state for a in every}
    # HR can approve something, the employee has something to answer.
    assert any(a.state is AwardState.PROPOSED and a.proposer_id != team.hr for a in every)
    assert any(a.person_id == team.employee and a.state is AwardState.APPROVED for a in every)
    assert all(
        approval.by not in (a.proposer_id, a.person_id) for a in every for approval in a.approvals
    )

    await decide_the_short_one(connection, world, team, settings)


async def decide_the_short_one(
    connection: asyncpg.Connection, world: World, team: Office, settings: Settings
) -> None:
    """The worker's rounds on a clock that goes fast: it starts, ends and is decided."""
    ids = await ids_of(connection, world)
    contest = await sprint.begin(
        connection, world, ids, team, now=NOW, zone=settings.timezone, disclosure_tag=TAG
    )
    assert timedelta(minutes=2.5) <= contest.moments.ends_at - NOW <= timedelta(minutes=3.5)
    opened = len(await budgets(connection))
    again = await sprint.begin(
        connection, world, ids, team, now=NOW, zone=settings.timezone, disclosure_tag=TAG
    )
    assert again.slug != contest.slug
    assert len(await budgets(connection)) == opened

    stages = set()
    for second in range(0, 240, 5):
        now = NOW + timedelta(seconds=second)
        await tick(connection, now)
        while (await refresh(connection, now)).people:
            pass
        one = next(one for one in await every_contest(connection) if one.id == contest.id)
        stages.add(one.stage(now))
    assert {Stage.RUNNING, Stage.DECIDED} <= stages
    assert await verify_contest(connection, contest.slug) == []
    assert await check_books(connection) == []


async def test_a_history_too_short_for_a_contest_leaves_it_out(
    settings: Settings, connection: asyncpg.Connection
) -> None:
    await fill(settings, people=8, days=2, seed=SEED, tell=lambda *_: None, now=NOW)
    assert {one.slug for one in await every_contest(connection)} == {"new-voices", "most-improved"}
    assert await check_books(connection) == []
