"""Worker, second step: what changed becomes points.

Laws: everything that changes what counts only notes a change; this one fold does all scoring. It may be
repeated, split over workers and killed between any two statements without moving a point. A change
that cannot be counted is set aside alone and keeps no other from being counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from scoring import uncounted
from scoring.answered import answers_moved
from scoring.blame import blames_the_facts
from scoring.books import Books
from scoring.changes import Changes, Note, claim
from scoring.claims import claims_of
from scoring.connection import Connection
from scoring.dirty import dirty_windows
from scoring.fold import DirtyWindow, fold
from scoring.gained import days_of_gains, gains_moved
from scoring.ledger import Entry, append, difference, standing
from scoring.resolve import resolve_targets
from scoring.rulebooks import keep_versions, load_books
from scoring.touched import touch

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Scored:
    """What one round of scoring did; `changes` were claimed, `set_aside` of them not counted."""

    changes: int = 0
    windows: int = 0
    entries: int = 0
    totals: int = 0
    set_aside: int = 0


class _OneOfThem(Exception):
    """Counting failed because of one of so many changes; nothing of the batch was kept."""

    def __init__(self, among: int) -> None:
        super().__init__(among)
        self.among = among


async def score(
    connection: Connection, *, now: datetime, zone: ZoneInfo, limit: int = 500
) -> Scored:
    """Claim up to `limit` changes, fold the windows they touch and append the difference.

    Where a batch fails because of what is in it, half as many are tried, down to the one change
    that fails alone: a case is opened for it (`uncounted`). Trouble of the database is raised.
    """
    while True:
        try:
            return await _round(connection, now, zone, limit)
        except _OneOfThem as failed:
            log.warning("scoring_batch_failed", changes=failed.among, why=repr(failed.__cause__))
            limit = failed.among // 2


async def _round(connection: Connection, now: datetime, zone: ZoneInfo, limit: int) -> Scored:
    async with connection.transaction():
        notes = await claim(connection, limit)
        if not notes:
            return Scored()
        await keep_versions(connection)
        books = await load_books(connection, zone)
        try:
            async with connection.transaction():
                return await _count(connection, notes, books, now, zone)
        except Exception as fault:
            if not blames_the_facts(fault):
                raise
            if len(notes) > 1:
                raise _OneOfThem(len(notes)) from fault
            case = await uncounted.set_aside(connection, notes[0], fault, now)
            log.exception("change_set_aside", case=case, change=notes[0]._asdict())
            return Scored(changes=1, set_aside=1)


async def _count(
    connection: Connection, notes: Sequence[Note], books: Books, now: datetime, zone: ZoneInfo
) -> Scored:
    changes = Changes.of(notes)
    changes.engagements |= await resolve_targets(connection, changes.engagements, changes.posts)
    dirty = await dirty_windows(connection, changes, books)
    windows = [dirty.windows[identity] for identity in sorted(dirty.windows)]
    days = await days_of_gains(connection, changes, zone)
    await _lock(connection, sorted(dirty.people | days.keys()))
    entries = await refold(connection, windows, books)
    beside = await answers_moved(connection, dirty.answers, dirty.people, zone)
    beside |= await gains_moved(connection, days, zone)
    totals = await append(connection, entries, beside, now=now, zone=zone)
    await touch(connection, dirty.people, changes.posts)
    return Scored(len(notes), len(windows), len(entries), totals)


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
