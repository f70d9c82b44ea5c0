"""Ana's post with three answers, one like and one answer too late, counted; and ways to ask about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from scoring.cases.line import Named
from scoring.explanation import Line, explain
from scoring.facts import Engagement, Post
from scoring.identity import engagement_id
from scoring.verify import verify
from tests.scoring.scene import (
    LONG_AGO,
    NETWORK,
    NOW,
    ZONE,
    account,
    by_rule,
    count,
    hour,
    raise_curtain,
    reply,
    tell,
    wrote,
)

ANSWERS = tuple(reply(f"r{n}", f"out{n}", "ana", "p1", n) for n in range(1, 4))
AGAIN = reply("r9", "out1", "ana", "p1", 9)  # by who answered before: not counted
PEER = reply("peer", "ben", "ana", "p1", 5)


async def play(connection: Any) -> int:
    """Tell and count it all; returns somebody of HR who has no part in it."""
    await raise_curtain(connection)
    await tell(
        connection, Post("p1", "ana", hour(0), text="A morning at the mill"), wrote("p1", "ana", 0),
        *ANSWERS, AGAIN, PEER,
    )  # fmt: skip
    await count(connection)
    return await somebody(connection)


async def somebody(connection: Any) -> int:
    """A person without accounts."""
    return int(
        await connection.fetchval(
            "insert into person (recorded_at) values ($1) returning id", LONG_AGO
        )
    )


def id_of(fact: Engagement) -> UUID:
    """The id under which an engagement is stored."""
    target = None if fact.target is None else account(fact.target)
    return engagement_id(NETWORK, fact.kind, fact.native_id, target)


async def lines(connection: Any, person: int) -> list[Line]:
    """Every line of a person's explanation."""
    days = await explain(connection, person, start_at=LONG_AGO, end_at=NOW, zone=ZONE)
    return [
        line
        for day in days
        for line in (*(line for rule in day.rules for line in rule.lines), *day.uncounted)
    ]


async def line_of(connection: Any, person: int, fact: Engagement) -> Line:
    """The first line about a deed."""
    return next(one for one in await lines(connection, person) if one.engagement_id == id_of(fact))


def named(line: Line) -> Named:
    """What names a line."""
    return Named(line.occurred_at, line.engagement_id, line.rule, line.window)


async def agreed_sum(connection: Any, person: int) -> int:
    """All points of a person, once plain SQL has agreed to every one of everybody."""
    await count(connection)
    verification = await verify(connection, zone=ZONE)
    assert verification.differences == []
    assert verification.still_counted == 0
    return sum((await by_rule(connection, person)).values())
