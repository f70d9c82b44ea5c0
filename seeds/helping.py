"""Colleagues of the running demo who look after its three-minute contests: once one is decided, HR's
others approve its awards and the winners answer, so that the leader can announce it.

Law: proposer, approver and winner are different people, and a visitor's own are left to the visitor:
nobody approves as the HR persona, nobody answers as the employee.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from app.settings import Settings
from app.worker.loops import Loop
from rewards import (
    AwardState,
    AwardView,
    Contest,
    accept,
    approve,
    awards,
    every_contest,
    open_evidence,
    why_not,
)
from scoring.connection import Connection
from seeds.budgets import Office, office
from seeds.celebrating import choose_display, minds
from seeds.people import ids_of
from seeds.world import World

SHORT = timedelta(minutes=10)  # the longest contest that is looked after
_LOOK_S = 1.0


def looking_after(settings: Settings, world: World) -> Loop:
    """The loop that does it for as long as the demo runs, whatever happens to the database."""

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(settings.require_database_url())

    async def round(connection: Any) -> int:
        return await help_on(connection, world, datetime.now(UTC))

    return Loop("demo colleagues", connect, round, _LOOK_S)


async def help_on(connection: Connection, world: World, now: datetime) -> int:
    """Takes the next step of every award of a short contest that waits; returns how many it took."""
    waiting = [one for one in await every_contest(connection) if _waits(one, now)]
    if not waiting:
        return 0
    ids = await ids_of(connection, world)
    team = office(world, ids)
    people = {ids[member.number]: member for member in world.members if member.number in ids}
    steps = 0
    # A visitor's own short contest is the visitor's.
    for contest in (one for one in waiting if one.author_id in team.colleagues):
        views = await awards(connection, contest_id=contest.id)
        said = minds(views, people)
        for view in views:
            if view.state is AwardState.PROPOSED:
                steps += await _approve(connection, view, team, now)
            elif view.state is AwardState.APPROVED and view.person_id != team.employee:
                await accept(connection, view.id, by=view.person_id, now=now)
                await choose_display(connection, view, said[view.person_id], now)
                steps += 1
    return steps


def _waits(contest: Contest, now: datetime) -> bool:
    moments = contest.moments if contest.published is not None else None
    return (
        moments is not None
        and moments.ends_at - moments.starts_at <= SHORT
        and moments.ends_at <= now
        and contest.happened("decided") is not None
        and contest.happened("closed") is None
    )


async def _approve(connection: Connection, view: AwardView, team: Office, now: datetime) -> int:
    """One of HR's colleagues who may and has not yet opens the evidence and approves."""
    for by in reversed(team.colleagues):
        if why_not(view, by, None) is None and all(one.by != by for one in view.approvals):
            await open_evidence(connection, view.id, by=by, now=now)
            await approve(connection, view.id, by=by, now=now)
            return 1
    return 0
