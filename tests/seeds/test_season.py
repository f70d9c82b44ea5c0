"""The demo's contests: all stages, real winners, books that balance, one that ends before one's eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import asyncpg
import pytest
from redis.asyncio import Redis

from app.proofs import request_of, waiting_claims
from app.settings import Settings
from rewards import (
    AwardState,
    Contest,
    Stage,
    announcements,
    awards,
    awards_of_announcement,
    budgets,
    check_books,
    congratulations,
    contest_by_slug,
    every_contest,
    finish_due,
    prepare,
    refresh,
    tick,
    verify_contest,
)
from scoring import intake, score, verify
from scoring.platforms import platforms
from seeds import sprint
from seeds.budgets import Office, office
from seeds.by_hand import MAPPING
from seeds.filling import fill, with_secrets
from seeds.helping import help_on
from seeds.loading import store_receipts, told
from seeds.moments import Moments
from seeds.people import ids_of
from seeds.traffic import Teller
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
        "ask-me-anything": Stage.DECIDED,
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

    await what_was_told(connection, team)
    await what_people_state_by_hand(connection)
    await decide_the_short_one(connection, world, team, settings)


async def what_people_state_by_hand(connection: asyncpg.Connection) -> None:
    """Something waits for communications and for the administrator, and something was done already."""
    said = await connection.fetch(
        """select coalesce(a.outcome, 'waits') as outcome, counts <> '{}' as counted,
             w.picture is not null as pictured
           from statement s join statement_words w on w.statement_id = s.id
           left join statement_answer a on a.statement_id = s.id"""
    )
    assert {row["outcome"] for row in said} == {"waits", "confirmed", "refused"}
    assert [row["pictured"] for row in said] == [row["counted"] for row in said]
    assert await connection.fetchval("select count(*) from figure where source = 'hand'") > 0
    assert await connection.fetchval("select count(*) from figure where source = 'import'") > 0
    (file,) = await connection.fetch("select id from figure_file where applied_at is not null")
    rows = await connection.fetch(
        "select words from figure_file_line where file_id = $1 and outcome = 'unreadable'",
        file["id"],
    )
    assert [";" in row["words"] for row in rows] == [True]
    assert await connection.fetchval("select name from figure_columns") == MAPPING
    (claim,) = await waiting_claims(connection)
    assert claim.holder_id is not None
    assert len((await request_of(connection, claim.claim.id)).words) == 2


async def what_was_told(connection: asyncpg.Connection, team: Office) -> None:
    """Two announcements with winners of every mind, claps, a correction; one contest is ready."""
    told = await announcements(connection, finished=True)
    assert [one.slug for one in told] == ["fresh-faces", "every-answer-counts"]
    assert {one.person_id for one in told} == {team.leader}
    assert all(one.line for one in told)
    assert [len(one.corrections) for one in told] == [1, 0]
    claps = 0
    minds = set()
    for one in told:
        won = await awards_of_announcement(connection, one)
        minds |= {(view.display.name, view.display.prize) for view in won.values()}
        answered = [view.happened("shown") is not None for view in won.values()]
        assert any(answered), one.slug
        assert not all(answered), one.slug
        given = await congratulations(connection, list(won), team.employee)
        for award_id, hands in given.items():
            assert won[award_id].person_id not in hands.people
            assert not hands.count or won[award_id].display.name != "none"
            claps += hands.count
    assert {("name", True), ("name", False), ("none", False)} <= minds
    assert any(name == "alias" for name, _ in minds)
    assert claps > 20

    ready = await contest_by_slug(connection, "ask-me-anything")
    assert (await prepare(connection, ready.id, NOW)).ready
    waits = await contest_by_slug(connection, "a-fortnight-of-stories")
    assert (await prepare(connection, waits.id, NOW)).why_not


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

    await people_react(connection, world, settings)
    stages, now = set(), NOW
    for second in range(0, 240, 5):
        now = NOW + timedelta(seconds=second)
        await tick(connection, now)
        while (await refresh(connection, now)).people:
            pass
        await help_on(connection, world, now)
        await finish_due(connection, now)
        one = next(one for one in await every_contest(connection) if one.id == contest.id)
        stages.add(one.stage(now))
    # The clock leaves announcing it to the leader.
    assert {Stage.RUNNING, Stage.DECIDED} <= stages
    assert not {Stage.ANNOUNCED, Stage.CLOSED} & stages
    await what_colleagues_did(connection, contest, team, now)
    assert await help_on(connection, world, now) == 0
    assert await verify_contest(connection, contest.slug) == []
    assert await check_books(connection) == []


async def people_react(connection: asyncpg.Connection, world: World, settings: Settings) -> None:
    """What the live traffic brings in two minutes, for those who are in the short contest."""
    rng = Random(3)
    moments = Moments(world, rng)
    await moments.remember(connection, NOW)
    moments.favour(sprint.entrants(world), NOW + sprint.RUNS)
    deeds = [
        deed
        for second in range(5, 125)
        for deed in moments.next(NOW + timedelta(seconds=second), burst=2)
    ]
    keys = {name: with_secrets(settings).secrets_of(name) for name in platforms()}
    received, _ = told(deeds, Teller(world, rng))
    await store_receipts(connection, received, keys, lambda *_: None)
    later = NOW + timedelta(seconds=140)
    while (await intake(connection, now=later, limit=4000, disclosure_tag=TAG)).claimed:
        pass
    while (await score(connection, now=later, zone=settings.timezone, limit=4000)).changes:
        pass


async def what_colleagues_did(
    connection: asyncpg.Connection, contest: Contest, team: Office, now: datetime
) -> None:
    """Its awards are approved by somebody else and answered by the winners; the leader can begin."""
    visitors = {team.hr, team.employee, team.leader, team.administrator}
    won = await awards(connection, contest_id=contest.id)
    assert len(won) >= 3
    for view in won:
        assert view.approvals
        people = [one.by for one in view.approvals] + [view.proposer_id, view.person_id]
        assert len(set(people)) == len(people)
        assert not visitors & {one.by for one in view.approvals}
        answered = AwardState.ACCEPTED if view.person_id != team.employee else AwardState.APPROVED
        assert view.state is answered
    prepared = await prepare(connection, contest.id, now)
    assert prepared.ready, prepared.why_not


async def test_a_history_too_short_for_a_contest_leaves_it_out(
    settings: Settings, connection: asyncpg.Connection
) -> None:
    await fill(settings, people=8, days=2, seed=SEED, tell=lambda *_: None, now=NOW)
    assert {one.slug for one in await every_contest(connection)} == {"new-voices", "most-improved"}
    assert await check_books(connection) == []
