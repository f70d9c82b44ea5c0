"""Entering a contest and leaving it.

Law: both work at once and as often as one likes while the contest runs; nobody learns of either. Who
is in by default can leave before it starts as well as later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rewards.connection import Connection
from rewards.contests.amenders import amenders
from rewards.contests.entrants import state_of
from rewards.contests.people import open_to, open_to_one
from rewards.contests.placing import place
from rewards.contests.record import Contest, lock
from rewards.notices import notify_many
from rewards.refusal import Refused
from scoring import everyone_of


async def enter(connection: Connection, contest_id: int, person_id: int, *, now: datetime) -> bool:
    """Take part in a contest; returns whether that is new. Raises Refused with the reason."""
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        _still_open(contest, now)
        team = await _may_enter(connection, contest, person_id, now)
        if await state_of(connection, contest_id, person_id) == "entered":
            return False
        await _become(connection, contest_id, [person_id], "entered", chosen=True, now=now)
        if contest.happened("started"):
            await place(connection, contest, {person_id: team}, at=now, now=now)
    return True


async def leave_contest(
    connection: Connection, contest_id: int, person_id: int, *, now: datetime
) -> bool:
    """Take no part, or no longer: no place, no prize, no line in the standing; returns whether that
    is new. Raises Refused once it is decided."""
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        charter = contest.charter
        if contest.happened("decided") or contest.happened("cancelled"):
            raise Refused(
                f"{charter.name} is over: what was decided stands. An award you do not want you "
                "can decline."
            )
        state = await state_of(connection, contest_id, person_id)
        if state == "withdrawn" or (state is None and charter.entering == "click"):
            return False
        await _become(connection, contest_id, [person_id], "withdrawn", chosen=True, now=now)
        for table in ("tally", "frozen_tally", "tally_due"):
            await connection.execute(
                f"delete from {table} where contest_id = $1 and person_id = $2",
                contest_id,
                person_id,
            )
    return True


async def enter_by_default(
    connection: Connection,
    contest: Contest,
    now: datetime,
    person_ids: Iterable[int] | None = None,
) -> list[int]:
    """Enter everybody whom the contest is open to and who never said anything about it, all or of
    some people; each is told. The caller holds the contest's lock. Returns who is new."""
    charter = contest.charter
    only = None if person_ids is None else sorted(person_ids)
    people = await open_to(connection, charter, at=now, person_ids=only)
    said = {
        row["person_id"]
        for row in await connection.fetch(
            "select distinct person_id from entrance where contest_id = $1", contest.id
        )
    }
    new = {person: team for person, team in people.items() if person not in said}
    await _become(connection, contest.id, sorted(new), "entered", chosen=False, now=now)
    if contest.happened("started"):
        await place(connection, contest, new, at=now, now=now)
    await notify_many(
        connection,
        sorted(new),
        "contest_entered_by_default",
        {"contest": charter.name, "slug": contest.slug},
        key=f"contest_entered_by_default:{contest.charter_id}",
        now=now,
    )
    return sorted(new)


async def refuse_entrant(
    connection: Connection, contest_id: int, person_id: int, what: str
) -> None:
    """Raises Refused where somebody who is in a contest would decide about it."""
    if await state_of(connection, contest_id, person_id) == "entered":
        raise Refused(
            f"You are in this contest, so somebody else {what}: nobody decides about themselves."
        )


async def why_not(
    connection: Connection, contest: Contest, person_id: int, now: datetime
) -> str | None:
    """Why this person cannot enter now, as a sentence for them; None: they can."""
    try:
        _still_open(contest, now)
        await _may_enter(connection, contest, person_id, now)
    except Refused as refused:
        return str(refused)
    return None


async def enterable(
    connection: Connection, contests: Iterable[Contest], person_id: int, now: datetime
) -> frozenset[int]:
    """The contests for which `why_not` has nothing to say, by their ids; asked once for all of them."""
    still = [
        one.charter
        for one in contests
        if not one.happened("cancelled") and now < one.charter.end_at
    ]
    return await open_to_one(connection, still, person_id, at=now) if still else frozenset()


def _still_open(contest: Contest, now: datetime) -> None:
    charter = contest.charter
    if contest.happened("cancelled"):
        raise Refused(f"{charter.name} was cancelled.")
    if now >= charter.end_at:
        raise Refused(f"{charter.name} has ended; nobody can enter any more.")


async def _may_enter(
    connection: Connection, contest: Contest, person_id: int, now: datetime
) -> str | None:
    """The team the person enters for, or Refused."""
    charter = contest.charter
    if charter.proposer_id in await everyone_of(connection, person_id):
        raise Refused(
            "You published this contest, so you propose who wins: you cannot be among them."
        )
    if person_id in await amenders(connection, contest.id):
        raise Refused("You amended what can be won here, so you cannot be among those who win it.")
    people = await open_to(connection, charter, at=now, person_ids=[person_id])
    if person_id in people:
        return people[person_id]
    state = await connection.fetchval(
        """select state from enrolment where person_id = $1 and effective_at <= $2
           order by effective_at desc limit 1""",
        person_id,
        now,
    )
    if state == "paused":
        raise Refused("You are pausing. Nothing of yours counts until you come back.")
    if state != "active":
        raise Refused("Only who takes part in Fanfare can enter. You can join at any time.")
    if charter.open.to != "all":
        names = " and ".join(charter.open.names) or f"certain {charter.open.to}"
        raise Refused(f"This contest is for the people of {names}.")
    kind = charter.who.removesuffix("s")
    raise Refused(
        f"Here {charter.who} compete, and Fanfare does not know your {kind}. Ask HR to add it."
    )


async def _become(
    connection: Connection,
    contest_id: int,
    person_ids: list[int],
    state: str,
    *,
    chosen: bool,
    now: datetime,
) -> None:
    await connection.execute(
        """insert into entrance (contest_id, person_id, state, chosen, recorded_at)
           select $1, unnest($2::bigint[]), $3, $4, $5""",
        contest_id,
        person_ids,
        state,
        chosen,
        now,
    )
