"""What releasing a case would give whom, before anybody decides.

Law: it is the fold that answers, as if the hold were over, in a transaction that is taken back: so the
number shown is the number that comes, and nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring.cases.bound import bounded
from scoring.cases.file import held_by_no_other
from scoring.changes import Changes
from scoring.connection import Connection
from scoring.dirty import dirty_windows
from scoring.rulebooks import load_books
from scoring.score import refold
from scoring.seasons import keep_seasons


async def effect_of_release(
    connection: Connection, case_id: int, zone: ZoneInfo
) -> Mapping[int, int]:
    """Points by person that a release would add now; who gains nothing is left out.

    Needs a transaction that may write. What another case holds as well would stay held.
    """
    engagements = await held_by_no_other(connection, case_id)
    if not engagements:
        return {}
    supposed = connection.transaction()
    await supposed.start()
    try:
        return await _as_if_released(connection, case_id, engagements, zone)
    finally:
        await supposed.rollback()


async def _as_if_released(
    connection: Connection, case_id: int, engagements: Sequence[UUID], zone: ZoneInfo
) -> dict[int, int]:
    await connection.execute(
        """insert into hold (engagement_id, case_id, held, recorded_at)
           select id, $2, false, now() from unnest($1::uuid[]) as e (id)""",
        engagements,
        case_id,
    )
    await keep_seasons(connection)
    books = await load_books(connection, zone)
    dirty = await dirty_windows(connection, Changes(engagements=set(engagements)), books)
    windows = [dirty.windows[identity] for identity in sorted(dirty.windows)]
    gains: dict[int, int] = defaultdict(int)
    entries = await refold(connection, windows, books)
    for entry in [*entries, *await bounded(connection, entries)]:
        gains[entry.person_id] += entry.points
    return {person: gain for person, gain in gains.items() if gain}
