"""Saying aloud that something was announced wrongly. What was decided does not move by it."""

from __future__ import annotations

from datetime import datetime

from rewards.announcements.announcement import Announcement
from rewards.announcements.reading import announcement
from rewards.announcements.recording import locked, note, refuse_who_may_not
from rewards.announcements.words import correction
from rewards.connection import Connection
from rewards.refusal import Refused
from scoring import record_audit


async def correct(
    connection: Connection, announcement_id: int, *, by: int, words: str, now: datetime
) -> Announcement:
    """Correct a finished announcement in 1 to 300 characters; the same words once more are a double
    click. Raises Refused."""
    words = correction(words)
    async with connection.transaction():
        contest, found = await locked(connection, announcement_id)
        await refuse_who_may_not(connection, by)
        if found.finished_at is None:
            raise Refused("Only what was announced to the end can be corrected.")
        if found.corrections and found.corrections[-1].words == words:
            return found
        await note(connection, found.id, "corrected", by=by, words=words, now=now)
        detail = {"announcement": found.id}
        await record_audit(
            connection, by, "announcement_corrected", f"contest:{contest.id}", detail, now
        )
        return await announcement(connection, found.id)
