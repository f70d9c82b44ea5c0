"""Taking a published contest back, or cancelling it while it runs.

Laws: a contest can be taken back while nobody has entered and it has not started; then it is a draft
again. Later it can only be cancelled, with a reason that everybody in it is told. Either way all that
was set aside for it is released in the same transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from rewards.budgets import release, reservations
from rewards.connection import Connection
from rewards.contests.entering import refuse_entrant
from rewards.contests.entrants import entered, how_many
from rewards.contests.record import Contest, lock, note
from rewards.events import emit
from rewards.notices import notify_many
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit


async def withdraw(
    connection: Connection, contest_id: int, *, by: int, reason: str, now: datetime
) -> None:
    """Make a published contest a draft again. Raises Refused once somebody entered or it started."""
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        await _may(connection, by, "take contests back")
        if contest.published is None:
            return  # a double click
        if contest.happened("started") or now >= contest.charter.start_at:
            raise Refused("This contest has started. It can be cancelled, with a reason.")
        people = await how_many(connection, contest_id)
        if people:
            who = "Somebody has" if people == 1 else f"{people} people have"
            raise Refused(f"{who} entered already. The contest can be cancelled, with a reason.")
        await _end(connection, contest, "withdrawn", by, reason.strip(), now)


async def cancel(
    connection: Connection, contest_id: int, *, by: int, reason: str, now: datetime
) -> None:
    """End a contest without winners; who is in it is told why. Raises Refused once it is decided."""
    reason = " ".join(reason.split())
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        await _may(connection, by, "cancel contests")
        await refuse_entrant(connection, contest_id, by, "cancels it")
        if contest.published is None:
            raise Refused("This contest is a draft; nobody was promised anything yet.")
        if contest.happened("cancelled"):
            return  # a double click
        if contest.happened("decided"):
            raise Refused(
                "This contest is decided. Awards can be refused one by one, with a reason."
            )
        if not reason:
            raise Refused("Say why: everybody in the contest will read it.", field="reason")
        await _end(connection, contest, "cancelled", by, reason, now)
        people = await entered(connection, contest_id)
        await notify_many(
            connection,
            people,
            "contest_cancelled",
            {"contest": contest.charter.name, "slug": contest.slug, "reason": reason},
            key=f"contest_cancelled:{contest.charter_id}",
            now=now,
        )


async def release_all(
    connection: Connection, contest_id: int, *, by: int | None, reason: str, now: datetime
) -> None:
    """Give back all that is still set aside for a contest."""
    for held in await reservations(connection, contest_id):
        if held.left:
            await release(
                connection,
                held.id,
                held.left,
                by=by,
                key=f"release:{held.id}:{held.left}",
                reason=reason,
                now=now,
            )


async def _end(
    connection: Connection,
    contest: Contest,
    kind: Literal["withdrawn", "cancelled"],
    by: int,
    reason: str,
    now: datetime,
) -> None:
    await note(connection, contest, kind, by=by, detail={"reason": reason}, now=now)
    why = f"“{contest.charter.name}” was {kind}"
    await release_all(connection, contest.id, by=by, reason=why, now=now)
    for table in ("tally", "frozen_tally", "tally_due"):
        await connection.execute(f"delete from {table} where contest_id = $1", contest.id)
    detail = {"reason": reason, "charter": contest.charter_id}
    await record_audit(connection, by, f"contest_{kind}", f"contest:{contest.id}", detail, now)
    await emit(
        connection,
        "contest.withdrawn" if kind == "withdrawn" else "contest.cancelled",
        {"contest_id": contest.id, "slug": contest.slug},
        now,
    )


async def _may(connection: Connection, by: int, what: str) -> None:
    if not await holds(connection, by, "hr"):
        raise Refused(f"Only people with the role HR {what}.")
