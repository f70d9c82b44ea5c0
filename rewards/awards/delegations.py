"""Deciding for somebody who is away: from a moment up to another, or until either ends it.

Law: a delegate never may what the other could not; only who holds the role HR can be acted for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rewards.connection import Connection
from rewards.refusal import Refused
from rewards.roles import holders, holds
from scoring import record_audit

_ALL: Final = """
select d.id, d.from_person, d.to_person, d.starts_at, d.ends_at, e.recorded_at as ended_at
from delegation d left join delegation_end e on e.delegation_id = d.id
"""


@dataclass(frozen=True, slots=True)
class Delegation:
    """`to_person` decides for `from_person` in [starts_at, ends_at), unless it was ended."""

    id: int
    from_person: int
    to_person: int
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None

    def holds_at(self, at: datetime) -> bool:
        """Whether it is in force at a moment."""
        ends_at = min(self.ends_at, self.ended_at) if self.ended_at else self.ends_at
        return self.starts_at <= at < ends_at


async def delegations(connection: Connection, person_id: int) -> list[Delegation]:
    """All that a person gave or was given, the newest first."""
    rows = await connection.fetch(
        f"{_ALL} where $1 in (d.from_person, d.to_person) order by d.id desc", person_id
    )
    return _read(rows)


async def may_act_for(connection: Connection, person_id: int, now: datetime) -> list[int]:
    """For whom a person may decide now, besides themselves."""
    rows = await connection.fetch(f"{_ALL} where d.to_person = $1 order by d.id", person_id)
    able = set(await holders(connection, "hr"))
    return sorted({one.from_person for one in _read(rows) if one.holds_at(now)} & able)


async def standing_in(connection: Connection, now: datetime) -> dict[int, list[int]]:
    """Everybody who may decide for somebody now, and for whom."""
    able = set(await holders(connection, "hr"))
    found: dict[int, list[int]] = {}
    rows = await connection.fetch(f"{_ALL} where d.ends_at > $1 order by d.id", now)
    for one in _read(rows):
        if one.holds_at(now) and one.from_person in able:
            found.setdefault(one.to_person, []).append(one.from_person)
    return found


async def delegate(
    connection: Connection,
    from_person: int,
    to_person: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
) -> int:
    """Let somebody decide in one's place for a while; returns the delegation's id. Raises Refused."""
    if not await holds(connection, from_person, "hr"):
        raise Refused(
            "Only people with the role HR decide awards, so only they can ask somebody to."
        )
    if from_person == to_person:
        raise Refused("Choose somebody else.", field="to")
    if ends_at <= starts_at:
        raise Refused("The last day comes before the first.", field="ends_on")
    if ends_at <= now:
        raise Refused("This time is over already.", field="ends_on")
    async with connection.transaction():
        await connection.execute("select from person where id = $1 for no key update", from_person)
        same: int | None = await connection.fetchval(
            """select d.id from delegation d left join delegation_end e on e.delegation_id = d.id
               where d.from_person = $1 and d.to_person = $2 and d.starts_at = $3
                 and d.ends_at = $4 and e.delegation_id is null""",
            from_person,
            to_person,
            starts_at,
            ends_at,
        )
        if same is not None:
            return same
        made: int = await connection.fetchval(
            """insert into delegation (from_person, to_person, starts_at, ends_at, recorded_at)
               values ($1, $2, $3, $4, $5) returning id""",
            from_person,
            to_person,
            starts_at,
            ends_at,
            now,
        )
        detail = {"to": to_person, "starts_at": f"{starts_at}", "ends_at": f"{ends_at}"}
        subject = f"delegation:{made}"
        await record_audit(connection, from_person, "delegated", subject, detail, now)
        return made


async def end_delegation(
    connection: Connection, delegation_id: int, *, by: int, now: datetime
) -> None:
    """End it at once: who gave it, or who was given it. Raises Refused."""
    async with connection.transaction():
        row = await connection.fetchrow(
            "select from_person, to_person from delegation where id = $1", delegation_id
        )
        if row is None or by not in (row["from_person"], row["to_person"]):
            raise Refused("Only the two people of a delegation can end it.")
        done = await connection.fetchval(
            """insert into delegation_end (delegation_id, ended_by, recorded_at)
               values ($1, $2, $3) on conflict do nothing returning delegation_id""",
            delegation_id,
            by,
            now,
        )
        if done is not None:
            subject = f"delegation:{delegation_id}"
            await record_audit(connection, by, "delegation_ended", subject, {}, now)


def _read(rows: Sequence[Any]) -> list[Delegation]:
    return [Delegation(**dict(row)) for row in rows]
