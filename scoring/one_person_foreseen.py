"""What it would do to points to read a record as another person: asked of the fold itself, and taken back.

Law: what is shown is what comes, for the same code counts it; nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scoring.changes import Changes, Note
from scoring.connection import Connection
from scoring.dirty import dirty_windows
from scoring.one_person import same_person
from scoring.rulebooks import load_books
from scoring.score import refold
from scoring.seasons import keep_seasons
from scoring.zones import company_zone


@dataclass(frozen=True, slots=True)
class SameForeseen:
    """What two records have, and what the one person would."""

    record_points: int
    person_points: int
    together: int
    accounts: int  # that the record ever linked

    @property
    def lost(self) -> int:
        """Points that would no longer count: what counts once, and what one did to the other."""
        return self.record_points + self.person_points - self.together


async def foresee_same(
    connection: Connection,
    record_id: int,
    into_id: int,
    *,
    by: int | None,
    now: datetime,
    zone: ZoneInfo,
) -> SameForeseen:
    """Raises SameRefused where it cannot be. Inside the caller's transaction."""
    await keep_seasons(connection)
    zone = company_zone(zone)
    both = [record_id, into_id]
    savepoint = connection.transaction()
    await savepoint.start()
    try:
        before = await connection.fetchval("select coalesce(max(id), 0) from change")
        await same_person(connection, record_id, into_id, by=by, reason="foreseen", now=now)
        rows = await connection.fetch(
            """select subject, subject_id, person_id, since_at from change
               where id > $1 and (person_id = any($2::bigint[]) or subject = 'account')""",
            before,
            both,
        )
        books = await load_books(connection, zone)
        dirty = await dirty_windows(connection, Changes.of(Note(*row) for row in rows), books)
        windows = [window for window in dirty.windows.values() if window.person_id in both]
        moved = sum(entry.points for entry in await refold(connection, windows, books))
    finally:
        await savepoint.rollback()
    stand = await connection.fetch(
        """select p.id, coalesce((select sum(points) from entry e
             where e.person_id = p.id and e.rule <> 'by-case'), 0)::int as points
           from unnest($1::bigint[]) as p(id)""",
        both,
    )
    points = {row["id"]: row["points"] for row in stand}
    accounts = await connection.fetchval(
        "select count(distinct account_id) from ownership where person_id = $1", record_id
    )
    together = points[record_id] + points[into_id] + moved
    return SameForeseen(points[record_id], points[into_id], together, accounts)
