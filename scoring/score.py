"""Worker, second step: what changed becomes points.

Law: everything that changes what counts only notes a change; this one fold does all scoring. It may be
repeated, split over workers and killed between any two statements without moving a point.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scoring import changes as noted
from scoring.books import Books
from scoring.claims import claims_of
from scoring.connection import Connection
from scoring.fold import DirtyWindow, fold
from scoring.ledger import Entry, append, difference, standing
from scoring.resolve import resolve_targets
from scoring.rulebooks import keep_versions, load_books


@dataclass(frozen=True, slots=True)
class Scored:
    """What one round of scoring did."""

    changes: int = 0
    windows: int = 0
    entries: int = 0
    totals: int = 0


async def score(
    connection: Connection, *, now: datetime, zone: ZoneInfo, limit: int = 500
) -> Scored:
    """Claim up to `limit` changes, fold the windows they touch and append the difference."""
    async with connection.transaction():
        changes = await noted.claim(connection, limit)
        if not changes.count:
            return Scored()
        changes.engagements |= await resolve_targets(
            connection, changes.engagements, changes.posts, now
        )
        await keep_versions(connection)
        books = await load_books(connection, zone)
        dirty = await noted.dirty_windows(connection, changes, books)
        windows = [dirty[identity] for identity in sorted(dirty)]
        await _lock(connection, sorted({window.person_id for window in windows}))
        entries = await refold(connection, windows, books)
        totals = await append(connection, entries, now=now, zone=zone)
        return Scored(changes.count, len(windows), len(entries), totals)


async def _lock(connection: Connection, persons: list[int]) -> None:
    """One worker a person until commit. Taken in order, so that two workers never wait in a ring.

    A row lock, not an advisory one: those live in a small shared table that a large batch would fill.
    """
    await connection.execute(
        "select 1 from person where id = any($1::bigint[]) order by id for no key update", persons
    )


async def refold(connection: Connection, windows: list[DirtyWindow], books: Books) -> list[Entry]:
    """The entries missing for these windows to say what the facts say."""
    if not windows:
        return []
    claims = await claims_of(connection, windows, books)
    stands = await standing(connection, windows)
    entries: list[Entry] = []
    for window in windows:
        earned = fold(window.rule, claims[window.identity])
        entries += difference(window, earned, stands.get(window.identity, {}))
    return entries
