"""Worker, second step: what changed becomes points.

Laws: everything that changes what counts only notes a change; this one fold does all scoring. It may be
repeated, split over workers and killed between any two statements without moving a point. A change
that cannot be counted is set aside alone and keeps no other from being counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

import structlog

from scoring import deeds as reading
from scoring import uncounted
from scoring.answered import answers_moved
from scoring.blame import blames_the_facts
from scoring.books import Books
from scoring.cases.bound import bounded
from scoring.changes import Changes, Note, Turns, claim
from scoring.claims import claims_of
from scoring.connection import Connection
from scoring.dirty import Identity, dirty_windows
from scoring.expected import expected
from scoring.fold import DirtyWindow, fold
from scoring.gained import days_of_gains, gains_moved
from scoring.growth import Seen, grown
from scoring.ledger import Entry, Moment, append, difference, standing
from scoring.resolve import resolve_targets
from scoring.rulebooks import keep_versions, load_books
from scoring.seasons import keep_seasons
from scoring.touched import touch
from scoring.zones import company_zone

log = structlog.get_logger(__name__)

_NONE: Mapping[Moment, Entry] = MappingProxyType({})
_UNKNOWN: Mapping[Identity, Sequence[Seen]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scored:
    """What one round of scoring did; `changes` were claimed, `set_aside` of them not counted."""

    changes: int = 0
    windows: int = 0
    entries: int = 0
    totals: int = 0
    set_aside: int = 0


class _Busy(Exception):
    """More people are concerned than was expected, and another worker has one of them."""

    def __init__(self, persons: set[int]) -> None:
        super().__init__(persons)
        self.persons = persons


class _OneOfThem(Exception):
    """Counting failed because of one of so many changes; nothing of the batch was kept."""

    def __init__(self, among: int) -> None:
        super().__init__(among)
        self.among = among


async def score(
    connection: Connection,
    *,
    now: datetime,
    zone: ZoneInfo,
    limit: int = 500,
    turns: Turns | None = None,
) -> Scored:
    """Claim up to `limit` changes, fold the windows they touch and append the difference.

    `zone` is the company's where none is recorded.

    `turns`: a worker's own, that it goes on with; without, it begins with the first.

    Where a batch fails because of what is in it, half as many are tried, down to the one change
    that fails alone: a case is opened for it (`uncounted`). Trouble of the database is raised.
    """
    turns = turns or Turns()
    while True:
        began = turns.after
        try:
            return await _round(connection, now, zone, limit, turns)
        except Exception as failed:
            turns.after = began  # what was taken is back, and is taken again
            if not isinstance(failed, _OneOfThem):
                raise
            log.warning("scoring_batch_failed", changes=failed.among, why=repr(failed.__cause__))
            limit = failed.among // 2


async def _round(
    connection: Connection, now: datetime, zone: ZoneInfo, limit: int, turns: Turns
) -> Scored:
    async with connection.transaction():
        notes = await claim(connection, limit, turns)
        if not notes:
            return Scored()
        await keep_versions(connection)
        await keep_seasons(connection)
        zone = company_zone(zone)
        books = await load_books(connection, zone)
        try:
            return await _counted(connection, notes, books, now, zone)
        except Exception as fault:
            if not blames_the_facts(fault):
                raise
            if len(notes) > 1:
                raise _OneOfThem(len(notes)) from fault
            case = await uncounted.set_aside(connection, notes[0], fault, now)
            log.exception("change_set_aside", case=case, change=notes[0]._asdict())
            return Scored(changes=1, set_aside=1)


async def _counted(
    connection: Connection, notes: Sequence[Note], books: Books, now: datetime, zone: ZoneInfo
) -> Scored:
    """Count in a savepoint; again with more people locked where others were found and are busy."""
    persons: set[int] = set()
    while True:
        try:
            async with connection.transaction():
                return await _count(connection, notes, books, now, zone, persons)
        except _Busy as busy:
            persons |= busy.persons


async def _count(
    connection: Connection,
    notes: Sequence[Note],
    books: Books,
    now: datetime,
    zone: ZoneInfo,
    persons: set[int],
) -> Scored:
    changes = Changes.of(notes)
    told = await reading.as_told(connection, changes.engagements)
    aimless = {deed.id for deed in told if deed.target_id is None and deed.post_id is not None}
    completed = await resolve_targets(connection, aimless, changes.posts) - changes.engagements
    told += await reading.as_told(connection, completed) if completed else []
    changes.engagements |= completed
    # Locked before anything that may change is read, so that it holds when it is folded.
    locked = persons | await expected(connection, changes, told)
    await _lock(connection, locked)
    dirty = await dirty_windows(connection, changes, books, told)
    windows = [dirty.windows[identity] for identity in sorted(dirty.windows)]
    days = await days_of_gains(connection, changes, zone)
    late = (dirty.people | days.keys()) - locked
    await _lock_too(connection, late)
    seen = {who: seen for who, seen in dirty.seen.items() if who[0] not in late}
    entries = await refold(connection, windows, books, seen)
    entries += await bounded(connection, entries)
    known = {one for one in dirty.answered if one.person_id not in late}
    beside = await answers_moved(
        connection, dirty.answers, known, dirty.answered - known, dirty.people, zone
    )
    beside |= await gains_moved(connection, days, zone)
    totals = await append(connection, entries, beside, now=now, zone=zone)
    await touch(connection, dirty.people, changes.posts)
    return Scored(len(notes), len(windows), len(entries), totals)


async def _lock(connection: Connection, persons: Iterable[int]) -> None:
    """One worker a person until commit. Taken in order, so that two workers never wait in a ring.

    A row lock, not an advisory one: those live in a small shared table that a large batch would fill.
    """
    await connection.execute(
        "select 1 from person where id = any($1::bigint[]) order by id for no key update",
        sorted(persons),
    )


async def _lock_too(connection: Connection, persons: set[int]) -> None:
    """Lock people who were not expected, out of order, so without waiting; else raise `_Busy`."""
    if not persons:
        return
    rows = await connection.fetch(
        "select id from person where id = any($1::bigint[]) for no key update skip locked",
        list(persons),
    )
    if len(rows) < len(persons):
        raise _Busy(persons)


async def refold(
    connection: Connection,
    windows: Sequence[DirtyWindow],
    books: Books,
    seen: Mapping[Identity, Sequence[Seen]] = _UNKNOWN,
) -> list[Entry]:
    """The entries missing for these windows to say what the facts say.

    Where it is known what was `seen` in a window, the ledger often knows the rest; others are read.
    """
    if not windows:
        return []
    stands = await standing(connection, windows)
    entries: list[Entry] = []
    unread: list[DirtyWindow] = []
    for window in windows:
        identity = window.identity
        of_window = seen.get(identity)
        stood = stands.get(identity, _NONE)
        claims = None if of_window is None else grown(window, stood, of_window)
        if claims is None:
            unread.append(window)
        else:
            entries += difference(window, fold(window.rule, claims), stood)
    read = await claims_of(connection, unread, books) if unread else {}
    for window in unread:
        earned = fold(window.rule, read[window.identity])
        entries += difference(window, earned, stands.get(window.identity, _NONE))
    return entries
