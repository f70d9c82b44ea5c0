"""What a leader's phone does to a reveal: a step on, a step back, or off.

Laws: a doubled tap is one; what is over stays over; a called-off announcement leaves the contest as it
was before.
"""

from __future__ import annotations

from datetime import datetime

from rewards.announcements.announcement import Announcement
from rewards.announcements.finishing import finish
from rewards.announcements.reading import announcement
from rewards.announcements.recording import locked, note, refuse_who_may_not
from rewards.connection import Connection
from rewards.refusal import Refused
from scoring import record_audit


async def take_step(
    connection: Connection, announcement_id: int, *, to: int, by: int, now: datetime
) -> Announcement:
    """Show a step of a stepped reveal, counted from 0: the next one or the one before; past the last
    it is finished. Anything else changes nothing: a doubled tap. Raises Refused."""
    async with connection.transaction():
        contest, found = await locked(connection, announcement_id)
        await refuse_who_may_not(connection, by)
        if found.manner != "stepped":
            raise Refused("This announcement goes on by itself.")
        if found.called_off:
            raise Refused("This announcement was called off.")
        position = found.position(now)
        if position.step is None and not position.over:
            raise Refused("It has not begun yet.")
        if position.step is None or abs(to - position.step) != 1 or to < 0:
            return found
        if to == len(found.plan.steps):
            return await finish(connection, contest, found, by=by, now=now)
        await note(connection, found.id, "stepped", step=to, by=by, now=now)
        detail = {"announcement": found.id, "step": to}
        await record_audit(
            connection, by, "announcement_stepped", f"contest:{contest.id}", detail, now
        )
        return await announcement(connection, found.id)


async def call_off(
    connection: Connection, announcement_id: int, *, by: int, now: datetime
) -> Announcement:
    """Take an announcement back before it begins, or stop a stepped one in the middle: the contest can
    be announced anew. Raises Refused."""
    async with connection.transaction():
        contest, found = await locked(connection, announcement_id)
        await refuse_who_may_not(connection, by)
        if found.called_off:
            return found  # a double click
        position = found.position(now)
        if position.over:
            raise Refused("It is over: everybody has seen it. What was wrong can be corrected.")
        if position.step is not None and found.manner == "timed":
            raise Refused(
                "It has begun and goes on by itself; what is wrong can be corrected then."
            )
        await note(connection, found.id, "called_off", by=by, now=now)
        detail = {"announcement": found.id, "step": position.step}
        await record_audit(
            connection, by, "announcement_called_off", f"contest:{contest.id}", detail, now
        )
        return await announcement(connection, found.id)
