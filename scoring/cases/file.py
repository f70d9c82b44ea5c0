"""A case as it lies in the database, read under the lock that everything about cases takes.

Law: whoever opens or decides a case waits for the one before, so that no release overlooks a hold that
is being written, and a case is decided once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from scoring.cases.refusals import NoSuchCase
from scoring.connection import Connection

MOST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Decision:
    """How a case was decided."""

    outcome: str  # upheld | released | granted
    by: int
    points: int | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """One case, with its decision once there is one."""

    id: int
    kind: str
    person_id: int | None
    reason: str
    evidence: Mapping[str, Any]
    opened_at: datetime
    decision: Decision | None

    @property
    def engagement_id(self) -> UUID | None:
        """The engagement a dispute is about; None for a line without one, and for other cases."""
        named = self.evidence.get("engagement_id")
        return UUID(named) if isinstance(named, str) else None

    @property
    def compared_posts(self) -> list[UUID]:
        """The posts whose texts it compares, its own first; none for most cases."""
        own, others = self.evidence.get("post_id"), self.evidence.get("like_post_ids")
        if not isinstance(own, str) or not isinstance(others, list):
            return []
        return [UUID(own), *(UUID(str(other)) for other in others)]


async def in_turn(connection: Connection) -> None:
    """Wait until nobody else opens or decides a case; until the transaction ends."""
    await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.cases'))")


async def case_file(connection: Connection, case_id: int) -> File:
    """A case. Raises NoSuchCase."""
    row = await connection.fetchrow(
        """select f.id, f.kind, f.person_id, f.reason, f.evidence::text, f.recorded_at, d.outcome,
                  d.decided_by, d.points, d.recorded_at as decided_at
           from case_file f left join case_decision d on d.case_id = f.id where f.id = $1""",
        min(case_id, MOST_ID),
    )
    if row is None:
        raise NoSuchCase
    decision = None
    if row["outcome"] is not None:
        decision = Decision(row["outcome"], row["decided_by"], row["points"], row["decided_at"])
    return File(
        row["id"], row["kind"], row["person_id"], row["reason"], json.loads(row["evidence"]),
        row["recorded_at"], decision,
    )  # fmt: skip


async def holds_of(connection: Connection, case_id: int) -> list[UUID]:
    """The engagements a case holds, or held until it was decided."""
    rows = await connection.fetch(
        "select distinct engagement_id as id from hold where case_id = $1 and held order by 1",
        case_id,
    )
    return [row["id"] for row in rows]


async def held_by_no_other(connection: Connection, case_id: int) -> list[UUID]:
    """Of what a case holds, what no other case holds that is open or was upheld."""
    rows = await connection.fetch(
        """select distinct h.engagement_id as id from hold h
           where h.case_id = $1 and h.held and not exists (
             select from hold other left join case_decision d on d.case_id = other.case_id
             where other.engagement_id = h.engagement_id and other.case_id <> $1 and other.held
               and coalesce(d.outcome, 'open') <> 'released')
           order by 1""",
        case_id,
    )
    return [row["id"] for row in rows]
