"""The end of a reveal: from here on everybody may read who won.

Law: one transaction under the contest's lock ends the announcement, opens who won, tells entrants and
other systems; so it happens once and whole, however many workers try and wherever they are killed.
"""

from __future__ import annotations

from datetime import datetime

from rewards.announcements.announcement import Announcement
from rewards.announcements.planning import ready_to_announce
from rewards.announcements.reading import announcement, unfinished
from rewards.announcements.recording import locked, note, refuse_who_may_not, write
from rewards.announcements.words import leaders_line
from rewards.connection import Connection
from rewards.contests.entrants import entered
from rewards.contests.record import Contest, lock
from rewards.contests.record import note as note_of_contest
from rewards.contests.standing_still import OF_ONE_CONTEST, in_words
from rewards.events import emit
from rewards.notices import notify_many
from scoring import record_audit


async def finish_due(
    connection: Connection, now: datetime, failed: dict[int, str] | None = None
) -> list[int]:
    """Finish every announcement whose reveal is over, or was forgotten in the middle; returns the
    contests. Outside any transaction; each has its own.

    `failed` gathers contests that cannot be finished, with the reason, so that they keep no other
    from its end; without it that rises.
    """
    finished = []
    for one in await unfinished(connection):  # without a lock first: asked twice a second
        if not one.position(now).over:
            continue
        try:
            if await _finish_if_over(connection, one.id, now):
                finished.append(one.contest_id)
        except OF_ONE_CONTEST as why:
            if failed is None:
                raise
            failed[one.contest_id] = in_words(why)
    return finished


async def _finish_if_over(connection: Connection, announcement_id: int, now: datetime) -> bool:
    async with connection.transaction():
        contest, found = await locked(connection, announcement_id)
        if found.called_off or found.finished_at is not None or not found.position(now).over:
            return False
        await finish(connection, contest, found, by=None, now=now)
    return True


async def finish(
    connection: Connection,
    contest: Contest,
    found: Announcement,
    *,
    by: int | None,
    now: datetime,
) -> Announcement:
    """End an announcement whose contest the caller has locked; by a person's tap or the clock (None)."""
    await note(connection, found.id, "finished", by=by, now=now)
    if by is not None:
        detail = {"announcement": found.id}
        await record_audit(
            connection, by, "announcement_finished", f"contest:{contest.id}", detail, now
        )
    if contest.happened("announced") is None:
        detail_of_event = {"line": found.line, "announcement": found.id}
        await note_of_contest(
            connection, contest, "announced", by=found.person_id, detail=detail_of_event, now=now
        )
        await notify_many(
            connection,
            await entered(connection, contest.id),
            "contest_decided",
            {"contest": contest.charter.name, "slug": contest.slug},
            key=f"contest_decided:{contest.charter_id}",
            now=now,
        )
        await emit(
            connection,
            "contest.announced",
            {"contest_id": contest.id, "slug": contest.slug, "announcement_id": found.id},
            now,
        )
    return await announcement(connection, found.id)


async def announce_quietly(
    connection: Connection, contest_id: int, *, by: int | None, line: str, now: datetime
) -> Announcement:
    """Announce a contest without a reveal, over in the moment it begins: by the clock (None), or as
    history that screens need not show. A contest that is announced or planned already stays as it is.
    Raises Refused."""
    line = leaders_line(line)
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        if by is not None:
            await refuse_who_may_not(connection, by)
        prepared = await ready_to_announce(connection, contest)
        if prepared.announcement is not None:
            return prepared.announcement
        made = await write(
            connection, contest, prepared.plan,
            by=by, line=line, manner="timed", starts_at=now, now=now,
        )  # fmt: skip
        return await finish(connection, contest, made, by=by, now=now)
