"""A decided contest whose awards HR approved, and a leader who announces it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rewards.announcements import Announcement, Manner, plan_announcement
from rewards.awards import AwardState, approve, award, awards, open_evidence
from tests.rewards.awards.scene import give_role
from tests.rewards.life.world import (
    END,
    FIRST,
    HR2,
    START,
    answers,
    charter,
    decided,
    first,
    found,
    hire,
    praise,
    published,
    tell,
)

SETTLED = END + timedelta(days=3, minutes=1)
NOW = SETTLED + timedelta(hours=2)
SLUG = "conversation-starters"
A1, A2, A3 = FIRST, FIRST + 1, FIRST + 2
LEADER = FIRST + 4


async def company(connection: Any) -> None:
    """HR, four ambassadors who win by their answers, and a leader."""
    await found(connection)
    assert await hire(connection, "leader") == LEADER
    await give_role(connection, LEADER, "leader")


async def contest(
    connection: Any, *, approved: bool = True, name: str = "Conversation starters", **terms: Any
) -> int:
    """A contest that a1 (3 answers), a2 (2) and a3 (1) won, in that order; its id."""
    prizes = terms.pop("prizes", (first(last=3), praise()))
    contest_id = await published(
        connection, charter(name=name, entering="default", prizes=prizes, **terms)
    )
    for who, number in (("a1", 3), ("a2", 2), ("a3", 1)):
        await tell(connection, *answers(who, number, START + timedelta(hours=1)))
    await decided(connection)
    if approved:
        await approve_all(connection, contest_id)
    return contest_id


async def approve_all(connection: Any, contest_id: int, at: datetime = SETTLED) -> None:
    """HR opens the evidence of every award that waits and approves it."""
    waiting = await awards(connection, contest_id=contest_id, state=AwardState.PROPOSED)
    for view in waiting:
        await open_evidence(connection, view.id, by=HR2, now=at)
        await approve(connection, view.id, by=HR2, now=at)


async def planned(
    connection: Any,
    contest_id: int,
    *,
    by: int = LEADER,
    line: str = "Well done",
    manner: Manner = "timed",
    starts_at: datetime | None = None,
    now: datetime = NOW,
) -> Announcement:
    """The leader announces it."""
    return await plan_announcement(
        connection, contest_id, by=by, line=line, manner=manner, starts_at=starts_at, now=now
    )


async def happened(connection: Any, contest_id: int) -> list[str]:
    """What is recorded of a contest."""
    rows = await connection.fetch(
        "select kind from contest_event where contest_id = $1 order by id", contest_id
    )
    return [row["kind"] for row in rows]


async def award_of(connection: Any, person: int, place: int) -> int:
    """The id of somebody's award of money for a place."""
    id: int = await connection.fetchval(
        "select id from award where person_id = $1 and place = $2 and kind = 'cash'", person, place
    )
    assert (await award(connection, id)).person_id == person
    return id
