"""What may be shown of people beside figures: as each chose, or, in works-council mode, teams only.

Law: `may_show` alone answers; pages, screens, exports and the command line ask it and obey, from the
moment an administrator changed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

import asyncpg

from app.screens.fresh import Fresh
from scoring import LEAST_SIZE, record_audit

LEAST_SUGGESTED: Final = 5  # what the page suggests: with four, a mean still says much of each
MOST_LEAST: Final = 100  # larger teams are offices
HOLDS_S: Final = 0.1  # for what is asked thousands of times a second; all else asks the database


class Whose(Enum):
    """Of whom something would be shown."""

    OWN = "own"  # one's own figures, to oneself
    TEAM = "team"  # a team's figure
    COLLEAGUE = "colleague"  # a person beside a figure or a rank of theirs, to others
    NAME = "name"  # a person beside what they wrote or wished, without any figure
    WINNER = "winner"  # a winner, as far as they said yes to it
    # Somebody about whom a person of a role must decide: a case, an award, a payment, a role. Whoever answers
    # for it has to know about whom; the page is that role's alone and what is decided is on record.
    DECIDER = "decider"


@dataclass(frozen=True, slots=True)
class Council:
    """What is agreed. Off: people stand on boards as they chose."""

    teams_only: bool = False
    least_size: int = LEAST_SIZE  # of a team that is shown


@dataclass(frozen=True, slots=True)
class Agreed:
    """A change of what is agreed."""

    council: Council
    reason: str
    person_id: int | None
    recorded_at: datetime


def may_show(council: Council, whose: Whose, *, members: int = 0) -> bool:
    """Whether something of `whose` may be shown; of a team, one of so many `members`. Pure."""
    match whose:
        case Whose.COLLEAGUE:
            return not council.teams_only
        case Whose.TEAM:
            return members >= council.least_size
        case Whose.OWN | Whose.NAME | Whose.WINNER | Whose.DECIDER:
            return True


async def current_council(connection: Any) -> Council:
    """What is agreed now."""
    row = await connection.fetchrow(
        "select teams_only, least_size from council order by id desc limit 1"
    )
    return Council(row["teams_only"], row["least_size"]) if row else Council()


async def agreed(connection: Any, limit: int = 20) -> list[Agreed]:
    """What was agreed and when, newest first."""
    rows = await connection.fetch("select * from council order by id desc limit $1", limit)
    return [
        Agreed(
            Council(row["teams_only"], row["least_size"]),
            row["reason"],
            row["person_id"],
            row["recorded_at"],
        )
        for row in rows
    ]


async def agree(
    connection: Any, council: Council, *, reason: str, person_id: int, now: datetime
) -> None:
    """Let this hold from now on, with its reason, in the caller's transaction."""
    await connection.execute(
        """insert into council (teams_only, least_size, reason, person_id, recorded_at)
           values ($1, $2, $3, $4, $5)""",
        council.teams_only,
        council.least_size,
        reason,
        person_id,
        now,
    )
    detail = {"teams_only": council.teams_only, "least_size": council.least_size}
    await record_audit(connection, person_id, "changed", "council", detail, now)


class KeptCouncil:
    """What is agreed, for a process that is asked very often; at most a tenth of a second old."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        self._pool = pool
        self._fresh: Fresh[Council] = Fresh(HOLDS_S, most=1)

    async def now(self) -> Council:
        """What is agreed now."""
        return await self._fresh.get("council", self._read)

    async def _read(self) -> Council:
        async with self._pool.acquire() as connection:
            return await current_council(connection)
