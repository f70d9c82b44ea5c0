"""Writing about an announcement: who does locks its contest first, then reads it anew.

Law: of two who do the same at once the second sees what the first did.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from rewards.announcements.announcement import Announcement
from rewards.announcements.plan import Plan
from rewards.announcements.reading import announcement
from rewards.announcements.timetable import Manner
from rewards.connection import Connection
from rewards.contests.record import Contest, lock
from rewards.refusal import Refused
from rewards.roles import holds


async def may_announce(connection: Connection, person_id: int) -> bool:
    """Whether a person announces winners now: leaders do, and people with the role HR."""
    return await holds(connection, person_id, "leader") or await holds(connection, person_id, "hr")


async def refuse_who_may_not(connection: Connection, person_id: int) -> None:
    """Raises Refused unless the person announces winners."""
    if not await may_announce(connection, person_id):
        raise Refused("Leaders and people with the role HR announce winners.")


async def locked(connection: Connection, announcement_id: int) -> tuple[Contest, Announcement]:
    """An announcement and its contest, which nobody else can change until the caller's transaction
    ends. Raises NoSuchAnnouncement."""
    found = await announcement(connection, announcement_id)
    contest = await lock(connection, found.contest_id)
    return contest, await announcement(connection, announcement_id)


async def write(
    connection: Connection,
    contest: Contest,
    plan: Plan,
    *,
    by: int | None,
    line: str,
    manner: Manner,
    starts_at: datetime,
    now: datetime,
) -> Announcement:
    """Record how a contest is announced."""
    id: int = await connection.fetchval(
        """insert into announcement (contest_id, person_id, line, manner, starts_at, plan, recorded_at)
           values ($1, $2, $3, $4, $5, $6::jsonb, $7) returning id""",
        contest.id,
        by,
        line,
        manner,
        starts_at,
        msgspec.json.encode(plan).decode(),
        now,
    )
    return await announcement(connection, id)


async def note(
    connection: Connection,
    announcement_id: int,
    kind: Literal["stepped", "called_off", "finished", "corrected"],
    *,
    by: int | None,
    now: datetime,
    step: int | None = None,
    words: str | None = None,
) -> None:
    """Record what happened to an announcement, by a person or by the clock (None)."""
    await connection.execute(
        """insert into announcement_event (announcement_id, kind, step, person_id, words, recorded_at)
           values ($1, $2, $3, $4, $5, $6)""",
        announcement_id,
        kind,
        step,
        by,
        words,
        now,
    )
