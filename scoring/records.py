"""Which records are one person's, as it was said last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scoring.connection import Connection


@dataclass(frozen=True, slots=True)
class Said:
    """That a record is read as another person, since when and why."""

    id: int
    record_id: int
    into_id: int
    reason: str
    recorded_at: datetime


async def said_of(connection: Connection, record_id: int) -> Said | None:
    """Whose a record is, where it is another person's now."""
    row = await connection.fetchrow(
        """select id, record_id, into_id, reason, recorded_at from same_person
           where record_id = $1 order by id desc limit 1""",
        record_id,
    )
    return None if row is None or row["into_id"] is None else Said(*row)


async def records_of(connection: Connection, person_id: int) -> list[Said]:
    """The other records that are this person's now, the first first."""
    rows = await connection.fetch(
        """select id, record_id, into_id, reason, recorded_at from (
             select distinct on (record_id) * from same_person
             where record_id in (select record_id from same_person where into_id = $1)
             order by record_id, id desc) last
           where into_id = $1 order by id""",
        person_id,
    )
    return [Said(*row) for row in rows]


async def read_as(connection: Connection, records: Iterable[int]) -> dict[int, int]:
    """As which person each of these records is read now: as itself, unless it is another's."""
    asked = set(records)
    rows = await connection.fetch(
        """select distinct on (record_id) record_id, into_id from same_person
           where record_id = any($1::bigint[]) order by record_id, id desc""",
        sorted(asked),
    )
    others = {row["record_id"]: row["into_id"] for row in rows if row["into_id"] is not None}
    return {record: others.get(record, record) for record in asked}


async def everyone_of(connection: Connection, person_id: int) -> frozenset[int]:
    """All records of one person, this one included: who decides about one decides about all."""
    rows = await connection.fetch(
        """with last as (
             select distinct on (record_id) record_id, into_id from same_person
             order by record_id, id desc),
           person as (
             select coalesce((select into_id from last where record_id = $1), $1) as id)
           select id from person
           union select record_id from last join person on last.into_id = person.id""",
        person_id,
    )
    return frozenset(row["id"] for row in rows)
